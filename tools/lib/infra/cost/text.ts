import type { Bill } from './bill.ts';
import type { CostItem } from './items.ts';
import { PRICES_WRITTEN } from './prices.ts';

const HEAD = ['USD a month', 'what', 'driver', 'from'];

/** Bills as tables for a terminal, with columns that line up. */
export function costText(all: readonly Bill[]): string {
  const rows = all.map(({ items }) => items.map(cells));
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.flat().map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return all
    .map(({ of, prices, usd }, index) =>
      [
        `${of}: ${dollars(usd)} USD a month (prices of ${prices})`,
        '',
        line(HEAD),
        ...(rows[index] ?? []).map(line),
      ].join('\n'),
    )
    .join('\n\n');
}

/** Bills as tables for a comment on a pull request, each behind its sum. */
export function costMarkdown(all: readonly Bill[]): string {
  const sums = all.map(({ of, usd }) => `| ${of} | ${dollars(usd)} |`);
  const details = all.map(({ of, items }) => {
    const rows = items.map((item) => `| ${cells(item).join(' | ')} |`);
    return `<details><summary>${of}</summary>\n\n| ${HEAD.join(' | ')} |\n|---:|---|---|---|\n${rows.join('\n')}\n\n</details>`;
  });
  return `### What it costs\n\n| | USD a month |\n|---|---:|\n${sums.join('\n')}\n\n${details.join('\n\n')}\n\nApproximate prices, written down on ${PRICES_WRITTEN}.\n`;
}

/** The last line: the whole sum, and how far to trust it. */
export function costSum(all: readonly Bill[]): string {
  const usd = all.reduce((sum, bill) => sum + bill.usd, 0);
  return `${dollars(usd)} USD a month in all, by approximate prices, written down on ${PRICES_WRITTEN}: on demand, without taxes and discounts`;
}

function cells({ usd, what, driver, from }: CostItem): string[] {
  return [dollars(usd), what, driver, from];
}

function dollars(usd: number): string {
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
