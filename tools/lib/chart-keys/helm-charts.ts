// The charts that a cluster's HelmReleases install.
import type { Manifest } from '../dist/manifests.ts';
import { groupKind } from '../policy/identify.ts';
import { at, fields, text } from '../policy/read.ts';

/** A HelmRelease with the chart it installs. */
export interface HelmChart {
  manifest: Manifest;
  /** The chart's own name: `linkerd-control-plane`. */
  chart: string;
  version: string;
  values: unknown;
}

/**
 * The HelmReleases of a cluster whose charts can be told: those of a HelmRepository, and of an OCIRepository that is there.
 *
 * @param manifests those of one cluster
 */
export function helmCharts(manifests: readonly Manifest[]): HelmChart[] {
  const sources = new Map<string, Manifest>();
  for (const manifest of manifests) {
    const { kind, metadata } = manifest.object;
    if (kind === 'OCIRepository') sources.set(`${metadata?.namespace}/${metadata?.name}`, manifest);
  }
  return manifests.flatMap((manifest) => {
    if (groupKind(manifest.object) !== 'helm.toolkit.fluxcd.io/HelmRelease') return [];
    const { chart, chartRef, values } = fields(manifest.object.spec);
    const { chart: name, version } = fields(at(chart, 'spec'));
    const where = text(at(chartRef, 'namespace')) ?? manifest.object.metadata?.namespace;
    const source = fields(sources.get(`${where}/${text(at(chartRef, 'name'))}`)?.object.spec);
    const found = {
      chart: text(name) ?? text(source.url)?.split('/').at(-1),
      version: text(version) ?? text(at(source.ref, 'tag')),
    };
    if (found.chart === undefined || found.version === undefined) return [];
    return [{ manifest, chart: found.chart, version: found.version, values: values ?? {} }];
  });
}
