import type { IHelmRelease } from '@kubernetes-models/flux-cd/helm.toolkit.fluxcd.io/v2/HelmRelease';
import type { IHelmRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1/HelmRepository';
import type { IOCIRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1/OCIRepository';
import { Construct } from 'constructs';
import { CustomResource } from '../charts/custom-resource.ts';
import { FLUX_NAMESPACE } from './names.ts';

/** Who signed a chart without a key: an identity that Sigstore vouches for, as two regular expressions. */
export interface ChartSigner {
  /** Who said that it is that identity. */
  issuer: string;
  subject: string;
}

/**
 * A workflow of GitHub's that signs what it publishes for a tag.
 *
 * @param repository `fluxcd/flagger`
 * @param workflow the name of its file: `release.yml`
 */
export function releaseWorkflow(repository: string, workflow: string): ChartSigner {
  const path = `https://github.com/${repository}/.github/workflows/${workflow}`;
  return {
    issuer: '^https://token\\.actions\\.githubusercontent\\.com$',
    subject: `^${path.replaceAll('.', '\\.')}@refs/tags/v\\d+\\.\\d+\\.\\d+$`,
  };
}

export interface ChartSourceProps {
  /** Where the chart is published: `oci://ghcr.io/fluxcd/charts/flagger`. */
  url: `oci://${string}`;
  /** The exact version of the chart. */
  version: string;
  /** Who must have signed it, else it is not installed. @default nobody: its publisher signs no charts */
  signedBy?: ChartSigner;
}

/** A Helm chart in an OCI registry, at one version. The id is its name. */
export class ChartSource extends Construct {
  constructor(scope: Construct, id: string, props: ChartSourceProps) {
    super(scope, id);
    new CustomResource<IOCIRepository>(this, 'source', {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      metadata: { name: id, namespace: FLUX_NAMESPACE },
      spec: {
        url: props.url,
        ref: { tag: props.version },
        // The tag is exact, so there is nothing to look for more often.
        interval: '12h',
        layerSelector: {
          mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
          operation: 'copy',
        },
        ...(props.signedBy && { verify: { provider: 'cosign', matchOIDCIdentity: [props.signedBy] } }),
      },
    });
  }
}

export interface ChartRepositoryProps {
  /** Where the repository's index is: `https://flagger.app`. */
  url: `https://${string}`;
}

/** A repository of Helm charts that is served over HTTPS. The id is its name. */
export class ChartRepository extends Construct {
  constructor(scope: Construct, id: string, props: ChartRepositoryProps) {
    super(scope, id);
    new CustomResource<IHelmRepository>(this, 'repository', {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: id, namespace: FLUX_NAMESPACE },
      spec: { url: props.url, interval: '12h' },
    });
  }
}

/** Which chart to install: a {@link ChartSource}, or one of a {@link ChartRepository} at an exact version. */
export type ChartReference = { source: string } | { repository: string; name: string; version: string };

export interface HelmReleaseProps<Values extends object> {
  chart: ChartReference;
  /** The chart's values: only what differs from its defaults. */
  values: Values;
  /** What becomes of the CRDs in its folder `crds/`. @default they are made and kept as the chart has them */
  crds?: 'CreateReplace' | 'Skip';
  /**
   * How long one step of an installation may take, in minutes.
   *
   * @default 5, which is Helm's own
   * @minimum 1
   */
  timeoutMinutes?: number;
  /** Fields of its objects that somebody else writes, so that they are no drift. @default none */
  writtenByOthers?: readonly ForeignFields[];
  /** What its objects are to be otherwise, where the chart has no value for it. @default as the chart makes them */
  patches?: readonly ChartPatch[];
}

/** A change of one object that a chart makes. An operation `test` has an upgrade fail when the object is another by then. */
export interface ChartPatch {
  kind: string;
  name: string;
  /** @see https://www.rfc-editor.org/rfc/rfc6902 */
  operations: readonly (
    | { op: 'test' | 'add' | 'replace'; path: string; value: unknown }
    | { op: 'remove'; path: string }
  )[];
}

/** Fields of objects of one kind that are not the chart's to say. */
export interface ForeignFields {
  kind: string;
  /** @default all of that kind in the chart */
  name?: string;
  /** As JSON pointers: `/webhooks/0/clientConfig/caBundle`. */
  paths: readonly string[];
}

/**
 * What cert-manager writes into the registration of webhooks: the CA that the API server knows them by.
 *
 * @param kind of registration
 * @param webhooks how many there are in each of that kind
 */
export function injectedCa(
  kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration',
  webhooks = 1,
): ForeignFields {
  return {
    kind,
    paths: Array.from({ length: webhooks }, (_, index) => `/webhooks/${index}/clientConfig/caBundle`),
  };
}

/**
 * A Helm chart on the cluster. The id is its name; the namespace is the chart's that it stands in.
 *
 * CRDs are upgraded with it, drift is mended, and a failed upgrade is tried again instead of being left.
 */
export class HelmRelease<Values extends object> extends Construct {
  constructor(scope: Construct, id: string, props: HelmReleaseProps<Values>) {
    super(scope, id);
    const { crds = 'CreateReplace', timeoutMinutes, writtenByOthers = [], patches = [] } = props;
    new CustomResource<IHelmRelease>(this, 'release', {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: id },
      spec: {
        ...chartOf(props.chart),
        interval: '30m',
        ...(timeoutMinutes !== undefined && { timeout: `${timeoutMinutes}m` }),
        // Helm never touches CRDs on upgrade unless told to.
        install: { crds, strategy: { name: 'RetryOnFailure' } },
        upgrade: { crds, strategy: { name: 'RetryOnFailure' } },
        ...(patches.length > 0 && { postRenderers: [{ kustomize: { patches: patches.map(patchOf) } }] }),
        driftDetection: {
          mode: 'enabled',
          ...(writtenByOthers.length > 0 && {
            ignore: writtenByOthers.map(({ kind, name, paths }) => ({
              paths: [...paths],
              target: { kind, ...(name !== undefined && { name }) },
            })),
          }),
        },
        values: props.values as Record<string, never>,
      },
    });
  }
}

function patchOf({ kind, name, operations }: ChartPatch) {
  return { target: { kind, name }, patch: JSON.stringify(operations) };
}

function chartOf(chart: ChartReference) {
  if ('source' in chart) {
    return { chartRef: { kind: 'OCIRepository', name: chart.source, namespace: FLUX_NAMESPACE } as const };
  }
  const sourceRef = { kind: 'HelmRepository', name: chart.repository, namespace: FLUX_NAMESPACE } as const;
  return { chart: { spec: { chart: chart.name, version: chart.version, sourceRef, interval: '12h' } } };
}
