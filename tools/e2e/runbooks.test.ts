import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sampleConfig } from '../../config/testing/sample.ts';
import { ROOT } from '../lib/repo.ts';
import { compile } from '../lib/synth/compile.ts';

const FOLDER = 'docs/runbooks';
const FILES = readdirSync(join(ROOT, FOLDER));

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The alerts that are compiled, and the files that they send a person to. */
async function alerts(): Promise<Map<string, string>> {
  const { manifests } = await compile(sampleConfig());
  const rules = manifests.flatMap(({ object }): any[] =>
    object.kind === 'PrometheusRule' ? (object as any).spec.groups.flatMap((group: any) => group.rules) : [],
  );
  const found = rules.filter(({ alert }) => alert);
  return new Map(found.map(({ alert, annotations }) => [alert, annotations.runbook_url]));
}

test('each alert leads to a runbook that is there and names it', async () => {
  const all = await alerts();
  expect(all.size).toBeGreaterThan(0);
  for (const [alert, url] of all) {
    const file = url.slice(url.lastIndexOf('/') + 1);
    expect(url).toBe(`${sampleConfig().platform.git.url}/blob/main/${FOLDER}/${file}`);
    expect(FILES).toContain(file);
    expect(read(`${FOLDER}/${file}`)).toContain(`\`${alert}\``);
    expect(read('docs/observability.md')).toContain(`\`${alert}\``);
  }
});

describe.each(['docs/observability.md', ...FILES.map((file) => `${FOLDER}/${file}`)])('%s', (path) => {
  const text = read(path);

  test('has no command of ours that is not there', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('leads nowhere that is not there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([\w-]+))?\)/g)];
    for (const [, file = '', heading] of links) {
      const target = file === '' ? path : join(path, '..', file);
      const headings = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      if (heading !== undefined) expect(headings).toContain(heading);
    }
  });
});
