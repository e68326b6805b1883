import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FieldChange } from '../fields/compare.ts';
import type { ClusterChanges, Flag, ObjectChange, Report } from '../report.ts';
import { LIMIT, markdown } from './markdown.ts';
import { summary } from './summary.ts';
import { terminal } from './terminal.ts';

const CANARY: Flag = { kind: 'canary', severity: 'info', label: 'starts a canary', says: 'a canary' };
const RESTART: Flag = { kind: 'restart', severity: 'info', label: 'pods restart', says: 'pods' };
const OUTAGE: Flag = { kind: 'outage', severity: 'danger', label: 'outage', says: 'an outage' };
const INFRA: Flag = {
  kind: 'infra-first',
  severity: 'warning',
  label: 'deploy infra first',
  says: 'deploy infra first',
};

function field(path: string, before: string | number, after: string | number): FieldChange {
  return { path, steps: path.split('.'), change: 'changed', before, after };
}

function object(
  change: ObjectChange['change'],
  kind: string,
  rest: Partial<ObjectChange> = {},
): ObjectChange {
  const fields = change === 'changed' ? [field('spec.a', 1, 2)] : [];
  return {
    change,
    apiVersion: 'v1',
    kind,
    namespace: 'web',
    name: 'web',
    folder: 'apps/web',
    fields,
    flags: [],
    ...rest,
  };
}

function cluster(name: string, objects: ObjectChange[], rest: Partial<ClusterChanges> = {}): ClusterChanges {
  return { cluster: name, change: 'changed', bumps: [], objects, files: [], flags: [], ...rest };
}

function report(...clusters: ClusterChanges[]): Report {
  const base = { ref: 'main', commit: '0123456789abcdef', mergeBase: false };
  return { version: 1, base, clusters, unchanged: ['quiet'] };
}

const plain = (of: Report) => terminal(of, (_, text) => text);

describe('the summary', () => {
  test.each<[string, ClusterChanges[]]>([
    ['nothing changes in 1 cluster', []],
    ['1 cluster: 1 object added', [cluster('dev', [object('added', 'Service')])]],
    [
      '2 clusters: 2 objects added, 1 removed, 1 changed',
      [
        cluster('dev', [object('added', 'A'), object('added', 'B')]),
        cluster('prod', [object('removed', 'A'), object('changed', 'B')]),
      ],
    ],
    [
      '1 cluster: 1 object changed; a canary of web starts in dev',
      [cluster('dev', [object('changed', 'Deployment', { flags: [CANARY] })])],
    ],
    [
      '2 clusters: 2 objects changed; pods of web restart in dev, prod',
      ['dev', 'prod'].map((name) => cluster(name, [object('changed', 'Deployment', { flags: [RESTART] })])),
    ],
    [
      '1 cluster: 2 objects changed; pods of api, web restart in dev',
      [
        cluster('dev', [
          object('changed', 'Deployment', { flags: [RESTART], name: 'api' }),
          object('changed', 'DaemonSet', { flags: [RESTART] }),
        ]),
      ],
    ],
    [
      '1 cluster: 1 object removed; web stops serving in dev; 1 danger',
      [cluster('dev', [object('removed', 'Canary', { flags: [OUTAGE] })])],
    ],
    [
      '1 cluster: 1 other file changed',
      [cluster('dev', [], { files: [{ path: 'a', change: 'changed', before: 'a', after: 'b' }] })],
    ],
    ['1 cluster: no object changes; 1 warning', [cluster('dev', [], { flags: [INFRA] })]],
    [
      '5 clusters: 5 objects changed; pods of web restart in a, b, c and 2 more',
      ['a', 'b', 'c', 'd', 'e'].map((name) =>
        cluster(name, [object('changed', 'Deployment', { flags: [RESTART] })]),
      ),
    ],
  ])('%s', (expected, clusters) => {
    expect(summary(report(...clusters))).toBe(expected);
  });
});

describe('the terminal', () => {
  test('tells once what several clusters share, field by field', () => {
    const both = field('spec.threshold', 5, 3);
    const changed = (...fields: FieldChange[]) => [object('changed', 'Canary', { fields })];
    expect(
      plain(report(cluster('dev', changed(both)), cluster('prod', changed(both, field('spec.max', 3, 4))))),
    ).toBe(`dist/ against main at 0123456789

dev, prod
  ~ Canary web/web
        spec.threshold: 5 → 3

prod
  ~ Canary web/web
        spec.max: 3 → 4

2 clusters: 2 objects changed
`);
  });

  test("takes a cluster's own name for the same in each", () => {
    const of = (name: string) =>
      cluster(name, [
        object('changed', 'A', { fields: [field('spec.path', `./dist/${name}/a`, `./dist/${name}/b`)] }),
      ]);
    expect(plain(report(of('dev'), of('prod')))).toContain(
      'dev, prod\n  ~ A web/web\n        spec.path: ./dist/<cluster>/a → ./dist/<cluster>/b\n',
    );
  });

  test('tells new versions first, and not again what follows them', () => {
    const follows = { ...field('spec.image', 'r/web:1', 'r/web:2'), follows: 'r/web' };
    const text = plain(
      report(
        cluster('dev', [object('changed', 'Deployment', { fields: [follows], flags: [CANARY] })], {
          bumps: [
            { what: 'image', folder: 'apps/web', name: 'r/web', before: '1', after: '2', older: false },
          ],
        }),
      ),
    );
    expect(text).toBe(`dist/ against main at 0123456789

  web 1 → 2 in dev: starts a canary

1 cluster: 1 object changed; a canary of web starts in dev
`);
  });

  test('tells dangers right before the summary', () => {
    const text = plain(
      report(cluster('dev', [object('removed', 'Canary', { flags: [OUTAGE] })], { flags: [INFRA] })),
    );
    expect(text.split('\n').slice(-5)).toEqual([
      '!! danger Canary web/web in dev: an outage',
      ' ! warning in dev: deploy infra first',
      '',
      '1 cluster: 1 object removed; web stops serving in dev; 1 danger, 1 warning',
      '',
    ]);
  });
});

/** What can't be markup: an escaped character, and code within a line. */
const TOKEN = /\\.|(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g;

describe('the comment', () => {
  const many = (number: number) =>
    report(
      cluster(
        'dev',
        Array.from({ length: number }, (_, index) =>
          object('changed', 'ConfigMap', {
            name: `c${index}`,
            fields: [field('data.a', 'x'.repeat(60), 'y'.repeat(60))],
          }),
        ),
      ),
    );

  test('is cut to what GitHub takes, and says what it left out', () => {
    const text = markdown(many(1000));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT);
    const shown = text.match(/^@@ /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(200);
    expect(text).toContain(`_${1000 - shown} more left out: the comment is full._`);
    expect(text.trimEnd()).toMatch(/<\/details>\n\n<sub>.*<\/sub>$/);
  });

  test('gives every group of clusters its share', () => {
    const [first, second] = [many(1000).clusters[0], object('added', 'Service')];
    const text = markdown(report({ ...(first ?? cluster('dev', [])) }, cluster('prod', [second])));
    expect(text).toContain('+ Service web/web');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT);
  });

  test('stays within the size with hundreds of clusters and dangers', () => {
    const clusters = Array.from({ length: 1000 }, (_, index) =>
      cluster(`cluster-${index}`, [
        object('removed', 'Canary', { name: `app-${index}`, flags: [{ ...OUTAGE, says: 'é'.repeat(300) }] }),
      ]),
    );
    const text = markdown(report(...clusters));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT);
    expect(text).toMatch(/_\d+ more clusters_/);
    expect(text).toMatch(/_and \d+ more_/);
    expect(text).toMatch(/_[\d,]+ more groups of changes left out/);
  });

  test('nothing in a manifest can leave its place', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '```',
        '````\n# x',
        '</details>',
        '<script>',
        '@team',
        '| a |',
        '\n\n- x',
        '`',
        '~~~',
        '\u202e',
        '#1',
        '**x**',
        '](http://x)',
        '<!--',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (name, kind, before, after) => {
        const changed = object('changed', kind, {
          name,
          fields: [field(`spec.${name}`, before, after)],
          flags: [{ ...OUTAGE, label: name, says: kind }],
        });
        const file = { path: name, change: 'changed' as const, before, after };
        const text = markdown(report(cluster('dev', [changed], { files: [file] })));
        const lines = text.split('\n');
        // Outside of the fenced block there are our own lines and no others.
        const open = lines.findIndex((line) => /^`{3,}diff$/.test(line));
        const fence = lines[open]?.replace('diff', '') ?? '';
        const close = lines.indexOf(fence, open + 1);
        expect(lines.slice(close)).toEqual([
          fence,
          '',
          '</details>',
          '',
          expect.stringContaining('<sub>'),
          '',
        ]);
        expect(lines.slice(open + 1, close).every((line) => !line.includes(fence))).toBe(true);
        const head = lines.slice(0, open).join('\n');
        expect(head.replaceAll(TOKEN, '')).not.toMatch(/<(?!\/?(?:details|summary|code)>)|@\w/);
        expect(lines.filter((line) => line.startsWith('|'))).toHaveLength(3);
      }),
    );
  });
});
