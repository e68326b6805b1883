// Whether the values we give to charts are values that those charts take.
import { nearMiss } from '../../../config/checks/refusal.ts';
import { identity, type Manifest } from '../dist/manifests.ts';
import { type HelmChart, helmCharts } from './helm-charts.ts';
import { has, isMap, isOpen, OPEN } from './keys.ts';
import { type ChartRecords, knownVersion } from './record.ts';

/**
 * Judges the values of every HelmRelease.
 *
 * Helm takes a key that its chart doesn't have without a word.
 *
 * @param manifests those of one cluster
 * @param records what is known of charts
 * @returns a line for each mistake: where, what is wrong, what was probably meant
 */
export function judgeValues(manifests: readonly Manifest[], records: ChartRecords): string[] {
  return helmCharts(manifests).flatMap((release) => judge(release, records));
}

function judge({ manifest, chart, version, values }: HelmChart, records: ChartRecords): string[] {
  const where = `dist/${manifest.file}: ${identity(manifest.object)}`;
  const known = knownVersion(records, chart, version);
  if (known === undefined) {
    const versions = Object.keys(records.get(chart)?.versions ?? {});
    const others = versions.length > 0 ? `, only of ${versions.join(', ')}` : '';
    return [
      `${where}: there is no record of the chart ${chart} ${version}${others}; write it: npm run chart:keys -- ${chart} <its values.yaml> --version ${version.replace(/^v/, '')}`,
    ];
  }
  const keys = new Set(known.keys);
  return unknown(values, '', keys).map(
    (path) => `${where}: spec.values.${path}: ${chart} ${version} ${wrong(path, keys)}`,
  );
}

function wrong(path: string, keys: ReadonlySet<string>): string {
  if (keys.has(path)) return 'takes one value there, no map';
  if (has(keys, path)) return 'has keys of its own below that';
  const meant = nearest(path, [...keys]);
  return `has no such key${meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`}`;
}

/** The paths of values that no key has. Null is none: with it Helm takes a default away. */
function unknown(value: unknown, path: string, keys: ReadonlySet<string>): string[] {
  if (path !== '' && (value === null || isOpen(keys, path))) return [];
  if (isMap(value) && (path === '' || (has(keys, path) && !keys.has(path)))) {
    return Object.entries(value).flatMap(([key, held]) =>
      unknown(held, path === '' ? key : `${path}.${key}`, keys),
    );
  }
  // An empty map changes nothing, and a map in the place of a text is none of the chart's.
  const fits = keys.has(path) && !isMap(value);
  return fits ? [] : [path];
}

/** The key beside it, or one of the same name elsewhere in the chart. */
function nearest(path: string, keys: readonly string[]): string | undefined {
  const plain = keys.map((key) => (key.endsWith(OPEN) ? key.slice(0, -OPEN.length) : key));
  const depth = path.split('.').length;
  const parent = path.slice(0, path.lastIndexOf('.') + 1);
  const beside = plain
    .filter((key) => key.startsWith(parent))
    .map((key) => key.split('.').slice(0, depth).join('.'));
  const last = path.slice(parent.length);
  const near = nearMiss(
    last,
    [...new Set(beside)].map((key) => key.slice(parent.length)),
  );
  if (near !== undefined) return parent + near;
  return plain.find((key) => key.split('.').at(-1) === last);
}
