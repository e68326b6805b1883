// Charts that are installed and whose values nobody has recorded yet.
import type { Manifest } from '../dist/manifests.ts';
import { at, fields, text } from '../policy/read.ts';
import { helmCharts } from './helm-charts.ts';
import { type ChartRecords, type ChartVersion, knownVersion } from './record.ts';

/** A version of a chart that has no record. */
export interface MissingChart {
  chart: string;
  version: string;
  /** Where it is pulled from: the address of a Helm repository, or that of the chart itself, with `oci://`. */
  source: string;
  /** What the newest version that has a record says. @default there is none */
  before?: ChartVersion;
}

/**
 * The charts without a record of their version, each once.
 *
 * @param manifests those of all clusters
 */
export function missingCharts(manifests: readonly Manifest[], records: ChartRecords): MissingChart[] {
  const clusters = Map.groupBy(manifests, ({ cluster }) => cluster);
  const missing = [...clusters.values()].flatMap((own) => missingInCluster(own, records));
  return [...new Map(missing.map((one) => [`${one.chart} ${one.version}`, one])).values()];
}

function missingInCluster(manifests: readonly Manifest[], records: ChartRecords): MissingChart[] {
  const sources = new Map<string, string>();
  for (const { object } of manifests) {
    const url = text(at(object.spec, 'url'));
    if (url !== undefined) sources.set(`${object.kind}/${object.metadata?.name}`, url);
  }
  return helmCharts(manifests).flatMap(({ manifest, chart, version }) => {
    if (knownVersion(records, chart, version) !== undefined) return [];
    const { chart: template, chartRef } = fields(manifest.object.spec);
    const ref = fields(chartRef ?? at(at(template, 'spec'), 'sourceRef'));
    const source = sources.get(`${text(ref.kind)}/${text(ref.name)}`);
    if (source === undefined) return [];
    const before = Object.values(records.get(chart)?.versions ?? {}).at(-1);
    return [{ chart, version, source, ...(before && { before }) }];
  });
}
