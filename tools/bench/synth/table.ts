import { CONTENDERS, type Contender, type Row } from './bench.ts';

/** The measurements as a Markdown table: seconds of CPU, and in brackets how many times ours. */
export function synthTable(rows: readonly Row[]): string {
  const peers = CONTENDERS.filter((name) => name !== 'ours');
  const header = ['services', 'ours', ...peers, 'our peak memory', 'ours per service'];
  const lines = rows.map((row) => {
    const ours = row.cpuSeconds.ours ?? Number.NaN;
    return [
      String(row.services),
      `${ours.toFixed(2)} s`,
      ...peers.map((name) => peer(row, name, ours)),
      `${row.memoryMegabytes} MB`,
      `${((1000 * ours) / row.services).toFixed(2)} ms`,
    ];
  });
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function peer(row: Row, name: Contender, ours: number): string {
  const seconds = row.cpuSeconds[name];
  return seconds === undefined ? '–' : `${seconds.toFixed(2)} s (${(seconds / ours).toFixed(2)} x)`;
}
