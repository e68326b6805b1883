import type { Manifest } from '../../dist/manifests.ts';
import type { Cluster } from '../cluster.ts';
import { isThisRepo, KUSTOMIZATION } from '../kustomizations.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, text } from '../read.ts';
import { selects } from '../selector.ts';
import { mend } from '../suggest.ts';

/** Where Flux's objects name the ones they take something from, and the kind where the reference names none. */
const REFERENCES: readonly { from: string; path: string; group: string; kind?: string }[] = [
  { from: 'helm.toolkit.fluxcd.io/HelmRelease', path: 'spec.chartRef', group: 'source.toolkit.fluxcd.io' },
  {
    from: 'helm.toolkit.fluxcd.io/HelmRelease',
    path: 'spec.chart.spec.sourceRef',
    group: 'source.toolkit.fluxcd.io',
  },
  { from: KUSTOMIZATION, path: 'spec.sourceRef', group: 'source.toolkit.fluxcd.io' },
  { from: 'source.toolkit.fluxcd.io/HelmChart', path: 'spec.sourceRef', group: 'source.toolkit.fluxcd.io' },
  {
    from: 'image.toolkit.fluxcd.io/ImageUpdateAutomation',
    path: 'spec.sourceRef',
    group: 'source.toolkit.fluxcd.io',
  },
  {
    from: 'image.toolkit.fluxcd.io/ImagePolicy',
    path: 'spec.imageRepositoryRef',
    group: 'image.toolkit.fluxcd.io',
    kind: 'ImageRepository',
  },
  {
    from: 'notification.toolkit.fluxcd.io/Alert',
    path: 'spec.providerRef',
    group: 'notification.toolkit.fluxcd.io',
    kind: 'Provider',
  },
];

export const fluxSources: Policy = {
  name: 'flux-sources',
  reason: 'Flux waits without end for a source that is not there.',
  check: inClusters((cluster) => [
    ...REFERENCES.flatMap((reference) =>
      cluster.ofKind(reference.from).flatMap((manifest) => judge(cluster, manifest, reference)),
    ),
    ...cluster
      .ofKind('image.toolkit.fluxcd.io/ImageUpdateAutomation')
      .flatMap((manifest) => judgeAutomation(cluster, manifest)),
  ]),
};

function judge(cluster: Cluster, manifest: Manifest, wanted: (typeof REFERENCES)[number]): Breach[] {
  const reference = at(manifest.object, ...wanted.path.split('.'));
  const own = manifest.object.metadata?.namespace;
  if (reference === undefined || isThisRepo(reference, own)) return [];
  const { kind, name, namespace } = fields(reference);
  const where = text(namespace) ?? own;
  const short = wanted.kind ?? text(kind) ?? '';
  const full = `${wanted.group}/${short}`;
  if (cluster.find(full, where, text(name)).length > 0) return [];
  return [
    {
      at: manifest,
      path: `${wanted.path}.name`,
      wrong: `the namespace ${JSON.stringify(where)} has no ${short} ${JSON.stringify(name)}`,
      fix: mend(text(name) ?? '', cluster.names(full, where), 'make it'),
    },
  ];
}

/** An automation without a selector takes every policy of its namespace. */
function judgeAutomation(cluster: Cluster, manifest: Manifest): Breach[] {
  const { policySelector } = fields(manifest.object.spec);
  const policies = cluster
    .ofKind('image.toolkit.fluxcd.io/ImagePolicy')
    .filter(({ object }) => object.metadata?.namespace === manifest.object.metadata?.namespace);
  if (policies.some(({ object }) => selects(policySelector, object.metadata?.labels ?? {}))) return [];
  const wrong = 'selects no ImagePolicy of its namespace';
  return [{ at: manifest, path: 'spec.policySelector', wrong, fix: 'select by a label that one has' }];
}
