import { type Figures, PAGES, QUESTIONS, type Question, SERVERS, type ServerName } from './bench.ts';

const NAMES: Record<Question, string> = {
  list: '`GET /api/articles?limit=20`',
  spread: 'the same, another part each time',
  tags: '`GET /api/tags`',
  home: 'the home page',
};

/** The measurements as Markdown tables: answers a second, in brackets how many times the floor's; then the 99th percentile. */
export function serviceTable({ growth, loads, memoryMegabytes, readyMilliseconds }: Figures): string {
  const rows = QUESTIONS.map((question) => {
    const { ours } = loads[question];
    const peer = (name: ServerName) => {
      const load = loads[question][name];
      if (load === undefined || ours === undefined) return '–';
      return `${rate(load.perSecond)}, ${load.p99} ms (${(ours.perSecond / load.perSecond).toFixed(2)} x)`;
    };
    return [NAMES[question], `${rate(ours?.perSecond)}, ${ours?.p99} ms`, peer('joined'), peer('fixed')];
  });
  const header = [
    '',
    ...SERVERS.map((name) => ({ ours: 'ours', joined: 'one joined query', fixed: 'fixed JSON' })[name]),
  ];
  const { home, list } = loads;
  const facts = [
    `The home page is served ${ratio(home.ours?.perSecond, list.ours?.perSecond)} times as often a second as the list.`,
    `After all that the service holds ${memoryMegabytes} MB. It is ready ${Math.round(readyMilliseconds)} ms after its start.`,
  ];
  return [markdown([header, ...rows]), facts.join(' '), growthTable(growth)].filter(Boolean).join('\n\n');
}

function growthTable(growth: Figures['growth']): string {
  const [few, many] = growth;
  if (few === undefined || many === undefined) return '';
  const count = (number: number) => number.toLocaleString('en-GB');
  const rows = PAGES.map((page) => [
    page,
    `${few.means[page].toFixed(2)} ms`,
    `${many.means[page].toFixed(2)} ms (${ratio(many.means[page], few.means[page])} x)`,
  ]);
  return markdown([
    ['one visitor', `${count(few.articles)} articles`, `${count(many.articles)} articles`],
    ...rows,
  ]);
}

function markdown([header = [], ...rows]: string[][]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rate(perSecond = Number.NaN): string {
  return `${Math.round(perSecond).toLocaleString('en-GB')} /s`;
}

function ratio(a = Number.NaN, b = Number.NaN): string {
  return (a / b).toFixed(2);
}
