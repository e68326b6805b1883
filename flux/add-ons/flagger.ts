import { AppNamespace } from '../../charts/app-namespace.ts';
import { meshIdentity } from '../../charts/platform.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, ChartSource, HelmRelease } from '../helm-release.ts';
import { apart, RESTRICTED } from '../pod-defaults.ts';

export interface FlaggerProps {
  /** Versions of the two charts. */
  versions: { flagger: string; 'flagger-loadtester': string };
  /** The cluster's name, shown in alerts. */
  cluster: string;
  /** The Prometheus that scrapes the mesh's proxies. */
  prometheusUrl: string;
}

const NAME = 'flagger';
const LOAD_TESTER = 'flagger-loadtester';

/** The namespace of Flagger, its load tester and its metric templates. */
export const FLAGGER_NAMESPACE = 'flagger-system';

/** Where a canary's webhook finds the load tester. */
export const LOAD_TESTER_URL = `http://${LOAD_TESTER}.${FLAGGER_NAMESPACE}.svc.cluster.local/`;

/** The ServiceAccount of the load tester, which its chart gives none of its own. */
export const LOAD_TESTER_ACCOUNT = 'default';

/** Who the load tester is to the mesh. */
export const LOAD_TESTER_IDENTITY = meshIdentity(
  { serviceAccount: LOAD_TESTER_ACCOUNT, namespace: FLAGGER_NAMESPACE },
  'linkerd',
);

/** Keys of the flagger chart that we set. @see https://github.com/fluxcd/flagger/blob/main/charts/flagger/values.yaml */
interface FlaggerValues {
  meshProvider: 'gatewayapi:v1';
  metricsServer: string;
  clusterName: string;
  selectorLabels: string;
  leaderElection: { enabled: boolean; replicaCount: number };
  podDisruptionBudget: { enabled: boolean; minAvailable: number };
  affinity: object;
  securityContext: { enabled: boolean; context: object };
  resources: object;
}

/** Keys of the loadtester chart that we set. */
interface LoadTesterValues {
  fullnameOverride: string;
  securityContext: { enabled: boolean; context: object };
  resources: object;
}

/** Flagger, which judges and promotes releases, and the load tester that keeps its checks from being empty. */
export function flagger({ versions, cluster, prometheusUrl }: FlaggerProps): AddOn {
  return {
    name: NAME,
    namespace: FLAGGER_NAMESPACE,
    dependsOn: [],
    why: 'Judges and promotes releases; its load tester keeps checks from being empty.',
    charts: [NAME, LOAD_TESTER],
    installs: ['flagger.app'],
    sources(scope) {
      new ChartSource(scope, NAME, { url: 'oci://ghcr.io/fluxcd/charts/flagger', version: versions.flagger });
      // The load tester's chart is published here only.
      new ChartRepository(scope, LOAD_TESTER, { url: 'https://flagger.app' });
    },
    objects(scope) {
      new AppNamespace(scope, 'namespace', { name: FLAGGER_NAMESPACE, traffic: 'allow' });
      new HelmRelease<FlaggerValues>(scope, NAME, {
        chart: { source: NAME },
        values: {
          // Not "linkerd": that one drives SMI, which Linkerd no longer has.
          meshProvider: 'gatewayapi:v1',
          metricsServer: prometheusUrl,
          clusterName: cluster,
          // The one label our pods are selected by.
          selectorLabels: 'app.kubernetes.io/name',
          // A release under way goes on when a node goes.
          leaderElection: { enabled: true, replicaCount: 2 },
          podDisruptionBudget: { enabled: true, minAvailable: 1 },
          affinity: apart({ 'app.kubernetes.io/name': NAME }),
          securityContext: { enabled: true, context: { ...RESTRICTED, runAsUser: 10001 } },
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        },
      });
      new HelmRelease<LoadTesterValues>(scope, LOAD_TESTER, {
        chart: { repository: LOAD_TESTER, name: 'loadtester', version: versions['flagger-loadtester'] },
        values: {
          // Else the Service would be named after the release and the chart, and webhooks would miss it.
          fullnameOverride: LOAD_TESTER,
          securityContext: { enabled: true, context: { ...RESTRICTED, runAsUser: 100, runAsGroup: 101 } },
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        },
      });
    },
  };
}
