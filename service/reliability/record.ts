/** What the documentation says of the scenarios: kept as data, shown as a table in `docs/reliability.md`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** One scenario's last full run. */
export interface Entry {
  readonly measured: string;
  /** Of the run, as in 2026-11-21. */
  readonly date: string;
  readonly machine: string;
}

const RECORD = fileURLToPath(new URL('./record.json', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const BEGIN = '<!-- npm run reliability -- all --save -->';
const END = '<!-- end -->';

/** Writes down what was measured, in the place of what was measured before. */
export function save(name: string, measured: string, date: Date): void {
  const entries: Record<string, Entry> = JSON.parse(readFileSync(RECORD, 'utf8'));
  entries[name] = { measured, date: date.toISOString().slice(0, 10), machine: machine() };
  writeFileSync(RECORD, `${JSON.stringify(entries, null, 2)}\n`);
  writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), entries));
}

/** The page with the table of these entries between its markers. */
export function withTable(page: string, entries: Readonly<Record<string, Entry>>): string {
  const begin = page.indexOf(BEGIN);
  // The first one after it: sections that others write end so too.
  const end = page.indexOf(END, begin);
  if (begin === -1 || end === -1) throw new Error(`docs/reliability.md lacks ${BEGIN} or ${END}`);
  const [before, after] = [page.slice(0, begin), page.slice(end + END.length)];
  return `${before}${BEGIN}\n\n${table(entries)}\n\n${END}${after}`;
}

function table(entries: Readonly<Record<string, Entry>>): string {
  const rows = Object.entries(entries).map(([name, { measured, date, machine }]) => [
    `\`${name}\``,
    measured,
    `${date}, ${machine}`,
  ]);
  const head = ['scenario', 'measured', 'when and where'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}
