import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../repo.ts';

const DOC = join(ROOT, 'docs/canary.md');
const IMAGES = join(ROOT, 'docs/images/canary');

/** What the command prints; that some odds are worse than wanted is no failure here. */
async function plan(args: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, ['tools/slipway.mjs', 'plan', ...args], { cwd: ROOT });
  const { stdout } = await run.catch((error) => {
    if (error.code !== 1) throw error;
    return error as { stdout: string };
  });
  return stdout;
}

/** A report without its heading and its foot. */
function body(markdown: string): string {
  return markdown
    .split('\n')
    .filter((line) => !line.startsWith('### ') && !line.startsWith('<sub>'))
    .join('\n')
    .trim();
}

describe('docs/canary.md', () => {
  test('has the tables that the command makes', async () => {
    const text = await readFile(DOC, 'utf8');
    const blocks = [...text.matchAll(/<!-- plan: (.*) -->\n([\s\S]*?)<!-- end of plan -->/g)];
    expect(blocks).toHaveLength(2);
    for (const [, args = '', shown = ''] of blocks) {
      expect(shown.trim()).toBe(body(await plan([...args.split(' '), '--markdown'])));
    }
  });

  test('has the plots that the command draws, and shows each of them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plots-'));
    try {
      await plan(['--file', 'docs/canary/default.yaml', '--rps', '1,10,100,1000', '--svg', folder]);
      const files = (await readdir(folder)).sort();
      expect((await readdir(IMAGES)).sort()).toEqual(files);
      const text = await readFile(DOC, 'utf8');
      for (const file of files) {
        expect(text).toContain(`images/canary/${file}`);
        expect(await readFile(join(folder, file), 'utf8')).toBe(await readFile(join(IMAGES, file), 'utf8'));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
