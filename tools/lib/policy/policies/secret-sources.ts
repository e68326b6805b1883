import type { Manifest } from '../../dist/manifests.ts';
import type { Cluster } from '../cluster.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, type Fields, fields, items, text } from '../read.ts';
import { selects } from '../selector.ts';
import { mend } from '../suggest.ts';

const EXTERNAL_SECRET = 'external-secrets.io/ExternalSecret';
const STORE = 'external-secrets.io/ClusterSecretStore';

/** Objects of Flux and Flagger that sign in somewhere by `spec.secretRef`. */
const SIGN_IN = [
  'flagger.app/AlertProvider',
  'notification.toolkit.fluxcd.io/Provider',
  'notification.toolkit.fluxcd.io/Receiver',
  'image.toolkit.fluxcd.io/ImageRepository',
  'source.toolkit.fluxcd.io/HelmRepository',
  'source.toolkit.fluxcd.io/OCIRepository',
  'source.toolkit.fluxcd.io/GitRepository',
];

export const secretSources: Policy = {
  name: 'secret-sources',
  reason:
    'No Secret stands in git, so one that nothing makes is never there: pods that name it do not start, and Flux stays signed out.',
  check: inClusters((cluster) => {
    const made = madeSecrets(cluster);
    return [
      ...SIGN_IN.flatMap((kind) => cluster.ofKind(kind)).flatMap((manifest) =>
        judgeUse(made, manifest, {
          name: at(manifest.object.spec, 'secretRef', 'name'),
          path: 'spec.secretRef.name',
        }),
      ),
      ...cluster.workloads
        .filter(({ namespace }) => !cluster.holdsUnseen(namespace))
        .flatMap(({ manifest, spec, path, containers }) =>
          [
            ...ofPods(spec, path),
            ...containers.flatMap((container) => ofContainer(container.fields, container.path)),
          ].flatMap((use) => judgeUse(made, manifest, use)),
        ),
      ...cluster.ofKind(EXTERNAL_SECRET).flatMap((manifest) => judgeStore(cluster, manifest)),
    ];
  }),
};

/** A Secret that an object names. */
interface Use {
  name: unknown;
  /** Where it names it. */
  path: string;
}

/** The names of the Secrets that something makes, by namespace. */
function madeSecrets(cluster: Cluster): Map<string, string[]> {
  const made = [
    ...cluster.ofKind('Secret').map((manifest) => ({ manifest, name: manifest.object.metadata?.name })),
    ...cluster.ofKind(EXTERNAL_SECRET).map((manifest) => ({
      manifest,
      name: text(at(manifest.object.spec, 'target', 'name')) ?? manifest.object.metadata?.name,
    })),
    ...cluster
      .ofKind('cert-manager.io/Certificate')
      .map((manifest) => ({ manifest, name: text(at(manifest.object.spec, 'secretName')) })),
  ];
  const names = new Map<string, string[]>();
  for (const { manifest, name } of made) {
    const namespace = manifest.object.metadata?.namespace ?? '';
    if (name !== undefined) names.set(namespace, [...(names.get(namespace) ?? []), name]);
  }
  return names;
}

function judgeUse(made: ReadonlyMap<string, readonly string[]>, manifest: Manifest, use: Use): Breach[] {
  const name = text(use.name);
  const namespace = manifest.object.metadata?.namespace ?? '';
  const known = made.get(namespace) ?? [];
  if (name === undefined || known.includes(name)) return [];
  return [
    {
      at: manifest,
      path: use.path,
      wrong: `nothing makes the Secret ${JSON.stringify(name)} in the namespace ${JSON.stringify(namespace)}`,
      fix: mend(name, known, 'make it with an ExternalSecret'),
    },
  ];
}

/** The Secrets that pods can't start without. */
function ofPods(spec: Fields, path: string): Use[] {
  return [
    ...items(spec.imagePullSecrets).map((entry, index) => ({
      name: at(entry, 'name'),
      path: `${path}.imagePullSecrets[${index}].name`,
    })),
    ...items(spec.volumes).flatMap((volume, index) => {
      const { secretName, optional } = fields(at(volume, 'secret'));
      return optional === true
        ? []
        : [{ name: secretName, path: `${path}.volumes[${index}].secret.secretName` }];
    }),
  ];
}

function ofContainer({ env, envFrom }: Fields, path: string): Use[] {
  const named = (list: unknown, key: string, ...keys: readonly string[]) =>
    items(list).flatMap((entry, index) => {
      const { name, optional } = fields(at(entry, ...keys));
      return optional === true ? [] : [{ name, path: `${path}.${key}[${index}].${keys.join('.')}.name` }];
    });
  return [...named(env, 'env', 'valueFrom', 'secretKeyRef'), ...named(envFrom, 'envFrom', 'secretRef')];
}

/** The store of an ExternalSecret is there, and open to its namespace. */
function judgeStore(cluster: Cluster, manifest: Manifest): Breach[] {
  const { kind, name: given } = fields(at(manifest.object.spec, 'secretStoreRef'));
  if (kind !== 'ClusterSecretStore') return [];
  const name = text(given) ?? '';
  const namespace = manifest.object.metadata?.namespace ?? '';
  const breach = (wrong: string, fix: string): Breach[] => [
    { at: manifest, path: 'spec.secretStoreRef.name', wrong, fix },
  ];
  const [store] = cluster.find(STORE, undefined, name);
  if (store === undefined) {
    const known = cluster.ofKind(STORE).map(({ object }) => object.metadata?.name ?? '');
    return breach(`there is no ClusterSecretStore ${JSON.stringify(name)}`, mend(name, known, 'make it'));
  }
  const { conditions } = fields(store.object.spec);
  if (
    conditions === undefined ||
    items(conditions).some((condition) => admits(cluster, condition, namespace))
  ) {
    return [];
  }
  return breach(
    `the ClusterSecretStore ${JSON.stringify(name)} is not for the namespace ${JSON.stringify(namespace)}`,
    'name it in the conditions of the store',
  );
}

function admits(cluster: Cluster, condition: unknown, namespace: string): boolean {
  const { namespaces, namespaceRegexes, namespaceSelector } = fields(condition);
  if (items(namespaces).includes(namespace)) return true;
  if (items(namespaceRegexes).some((regex) => new RegExp(String(regex)).test(namespace))) return true;
  if (namespaceSelector === undefined) return false;
  const [object] = cluster.find('Namespace', undefined, namespace);
  return selects(namespaceSelector, {
    'kubernetes.io/metadata.name': namespace,
    ...object?.object.metadata?.labels,
  });
}
