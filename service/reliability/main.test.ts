import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { withTable } from './record.ts';
import { SCENARIOS } from './scenarios.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

function reliability(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode as number, stdout, stderr }),
    );
  });
}

describe('the command', () => {
  test('explains every scenario and its options', async () => {
    const { code, stdout, stderr } = await reliability('--help');
    expect([code, stderr]).toEqual([0, '']);
    for (const [name, { about, numbers }] of Object.entries(SCENARIOS)) {
      for (const text of [name, about, ...Object.keys(numbers).map((option) => `--${option} <number>`)])
        expect(stdout).toContain(text);
    }
  });

  const names = [...Object.keys(SCENARIOS), 'all'].join(', ');
  test.each([
    [[], `scenario: found nothing; allowed is one of ${names}`],
    [['overlod'], `scenario: found "overlod"; allowed is one of ${names}`],
    [['overload', 'all'], `scenario: found "overload all"; allowed is one of ${names}`],
    [['overload', '--seconds', '0'], '--seconds: found "0"; allowed is a whole number from 1'],
    [['overload', '--seconds', 'long'], '--seconds: found "long"; allowed is a whole number from 1'],
    [['overload', '--restarts', '3'], '--restarts: overload has no such option; see --help'],
  ])('refuses %j', async (args, message) => {
    expect(await reliability(...args)).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
  });
});

describe('the page', () => {
  test('gets a row for each scenario, and keeps what stands around', () => {
    const page = 'Before\n<!-- npm run reliability -- all --save -->\nold\n<!-- end -->\nAfter\n';
    const entry = { measured: '0 of 5 requests failed', date: '2026-11-21', machine: '2 cores' };
    expect(withTable(page, { overload: entry })).toBe(`Before
<!-- npm run reliability -- all --save -->

| scenario | measured | when and where |
| --- | --- | --- |
| \`overload\` | 0 of 5 requests failed | 2026-11-21, 2 cores |

<!-- end -->
After
`);
    // What others measure has a section of its own, which ends alike.
    const others = `${page}\n<!-- others -->\n\ntheirs\n\n<!-- end -->\n\nMore\n`;
    expect(withTable(others, { overload: entry })).toBe(
      others.replace(page, withTable(page, { overload: entry })),
    );
  });

  test('without its markers is not written', () => {
    expect(() => withTable('nothing', {})).toThrow('docs/reliability.md lacks');
  });
});
