import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { chartFiles } from '../../../apps/main.ts';
import { NOTHING_KNOWN } from '../../../config/checks/cross-checks.ts';
import { parseVersions, VERSIONS_FILE } from '../../../config/checks/versions.ts';
import { sampleConfig } from '../../../config/testing/sample.ts';
import type { Manifest } from '../dist/manifests.ts';
import { inFile, object } from '../policy/testing.ts';
import { ROOT } from '../repo.ts';
import { compileFiles } from '../synth/compile.ts';
import { judgeValues } from './judge-values.ts';
import { type ChartRecords, readRecords } from './record.ts';

const RECORDS: ChartRecords = new Map([
  [
    'tool',
    {
      chart: 'tool',
      versions: {
        '1.2.0': {
          sha256: {},
          keys: ['crds.enabled', 'podLabels.*', 'replicas', 'web.image.tag', 'web.port'],
        },
      },
    },
  ],
]);
const AT = 'dist/c/platform/tool/tool.yaml: HelmRelease/shop/shop:';

/** A release of the chart "tool", from either kind of source. */
function release(values: object, version = 'v1.2.0', isOci = true): Manifest[] {
  const source = object('source.toolkit.fluxcd.io/v1', 'OCIRepository', {
    spec: { url: 'oci://ghcr.io/example/charts/tool', ref: { tag: version } },
  });
  const chart = isOci
    ? { chartRef: { kind: 'OCIRepository', name: 'shop' } }
    : { chart: { spec: { chart: 'tool', version } } };
  const spec = { ...chart, values };
  const file = 'c/platform/tool/tool.yaml';
  return [
    inFile('c/flux/sources.yaml', source),
    inFile(file, object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec })),
  ];
}

describe('values of a chart', () => {
  test.each([
    [{}],
    [{ replicas: 3, crds: { enabled: true }, web: { image: { tag: 'a' }, port: 80 } }],
    [{ podLabels: { any: { depth: 1 } } }],
    [{ web: { image: null } }],
  ])('%j are taken', (values) => {
    expect(judgeValues(release(values), RECORDS)).toEqual([]);
    expect(judgeValues(release(values, '1.2.0', false), RECORDS)).toEqual([]);
  });

  test.each([
    [{ replica: 3 }, 'replica', 'has no such key; did you mean "replicas"?'],
    [{ web: { image: { tags: 'a' } } }, 'web.image.tags', 'has no such key; did you mean "web.image.tag"?'],
    [{ image: { tag: 'a' } }, 'image', 'has no such key'],
    [{ tag: 'a' }, 'tag', 'has no such key; did you mean "web.image.tag"?'],
    [{ podLabel: { any: 1 } }, 'podLabel', 'has no such key; did you mean "podLabels"?'],
    [{ web: 80 }, 'web', 'has keys of its own below that'],
    [{ replicas: { min: 3 } }, 'replicas', 'takes one value there, no map'],
  ])('%j are refused, with what was probably meant', (values, path, says) => {
    expect(judgeValues(release(values), RECORDS)).toEqual([`${AT} spec.values.${path}: tool v1.2.0 ${says}`]);
  });

  test('of a version that nobody has recorded are refused, with the command that records it', () => {
    expect(judgeValues(release({}, 'v1.3.0'), RECORDS)).toEqual([
      `${AT} there is no record of the chart tool v1.3.0, only of 1.2.0; write it: npm run chart:keys -- tool <its values.yaml> --version 1.3.0`,
    ]);
    expect(judgeValues(release({}), new Map())).toEqual([
      `${AT} there is no record of the chart tool v1.2.0; write it: npm run chart:keys -- tool <its values.yaml> --version 1.2.0`,
    ]);
  });
});

/** The sample platform's manifests by cluster, with the versions of each ring of the repo. */
async function compiled(): Promise<Manifest[][]> {
  const source = readFileSync(join(ROOT, VERSIONS_FILE), 'utf8');
  const { versions } = parseVersions(source, NOTHING_KNOWN);
  const rings = [...new Map(Object.values(versions).map((ring) => [JSON.stringify(ring), ring])).values()];
  const all: Manifest[] = [];
  for (const ring of rings) {
    const sample = sampleConfig();
    const names = sample.platform.rings.map(({ name }) => name);
    const config = { ...sample, versions: Object.fromEntries(names.map((name) => [name, ring])) };
    all.push(...compileFiles(await chartFiles(config, 'apps/testing')).manifests);
  }
  return [...Map.groupBy(all, ({ cluster }) => cluster).values()];
}

test('every value that we give to a chart stands in the values.yaml of that chart and version', async () => {
  const records = readRecords();
  const found = (await compiled()).flatMap((manifests) => judgeValues(manifests, records));
  expect([...new Set(found)]).toEqual([]);
});
