import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const lines = readFileSync(new URL('./Dockerfile', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const stages = lines.flatMap((line, index) => (line.startsWith('FROM ') ? [index] : []));
const last = lines.slice(stages.at(-1));

describe('the image', () => {
  test('stands on images that cannot change, and on the Node that the tests run on', () => {
    const bases = stages.map((index) => lines[index]);
    for (const base of bases) expect(base).toMatch(/^FROM \S+:\S+@sha256:[0-9a-f]{64}( AS \w+)?$/);
    expect(bases[0]).toContain(`node:${process.versions.node}-`);
  });

  test('runs as a numbered user who is not root', () => {
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER 65532:65532']);
  });

  test('needs no shell, neither to be made nor to run', () => {
    expect(last.filter((line) => line.startsWith('RUN '))).toEqual([]);
    const [node, ...args] = JSON.parse(last.at(-1)?.replace('ENTRYPOINT ', '') ?? '') as string[];
    expect([node, args.at(-1)]).toEqual(['/usr/local/bin/node', '/app/main.js']);
  });

  test('bounds its memory as the command for developers does', () => {
    const [, ...args] = JSON.parse(last.at(-1)?.replace('ENTRYPOINT ', '') ?? '') as string[];
    const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
    expect(manifest.scripts.start).toBe(`node ${args.slice(0, -1).join(' ')} src/main.ts`);
    expect(last.join('\n')).toMatch(/^ENV .*\bMALLOC_ARENA_MAX=1\b/m);
  });

  test('has its packages from the lock file, without their scripts', () => {
    expect(lines.join('\n')).toMatch(/npm ci --ignore-scripts/);
  });
});
