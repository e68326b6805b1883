import type { Construct } from 'constructs';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { IAuthorizationPolicy, IMeshTLSAuthentication, IServer } from '../../charts/linkerd-types.ts';
import { MESH_PORT } from '../../charts/network-peers.ts';
import { meshIdentity } from '../../charts/platform.ts';
import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, ChartSource, HelmRelease, releaseWorkflow } from '../helm-release.ts';
import { apart, RESTRICTED } from '../pod-defaults.ts';
import { GATEWAY_API } from './gateway-api.ts';
import { LINKERD_CONTROL_PLANE } from './linkerd-control-plane.ts';

export interface FlaggerProps {
  /** Versions of the two charts. */
  versions: { flagger: string; 'flagger-loadtester': string };
  /** The cluster's name, shown in alerts. */
  cluster: string;
  network: ClusterNetwork;
  /** The Prometheus that scrapes the mesh's proxies. */
  prometheusUrl: string;
  /** The port of {@link FlaggerProps.prometheusUrl}, at its pods. */
  prometheusPort: number;
}

/** The name of the add-on. */
export const FLAGGER = 'flagger';

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

const FLAGGER_PODS = { 'app.kubernetes.io/name': FLAGGER };
const LOAD_TESTER_PODS = { 'app.kubernetes.io/name': 'loadtester' };

/** The port that the pods of the load tester listen on. */
const LOAD_TESTER_PORT = 8080;

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
export function flagger(props: FlaggerProps): AddOn {
  const { versions, cluster, network, prometheusUrl, prometheusPort } = props;
  return {
    name: FLAGGER,
    namespace: FLAGGER_NAMESPACE,
    // It writes HTTPRoutes, and its load tester is in the mesh.
    dependsOn: [GATEWAY_API, LINKERD_CONTROL_PLANE],
    why: 'Judges and promotes releases; its load tester keeps checks from being empty.',
    charts: [FLAGGER, LOAD_TESTER],
    installs: ['flagger.app'],
    sources(scope) {
      new ChartSource(scope, FLAGGER, {
        url: 'oci://ghcr.io/fluxcd/charts/flagger',
        version: versions.flagger,
        signedBy: releaseWorkflow('fluxcd/flagger', 'release.yml'),
      });
      // The load tester's chart is published here only.
      new ChartRepository(scope, LOAD_TESTER, { url: 'https://flagger.app' });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: FLAGGER_NAMESPACE,
        network,
        // Services let in only callers of the mesh.
        mesh: true,
        ingress: [
          {
            pods: LOAD_TESTER_PODS,
            peers: [{ namespace: FLAGGER_NAMESPACE, labels: FLAGGER_PODS }],
            ports: [LOAD_TESTER_PORT],
          },
        ],
        egress: [
          { pods: FLAGGER_PODS, peers: [network.prometheus], ports: [prometheusPort] },
          {
            pods: FLAGGER_PODS,
            peers: [{ namespace: FLAGGER_NAMESPACE, labels: LOAD_TESTER_PODS }],
            ports: [LOAD_TESTER_PORT],
          },
          // Where people approve releases and are told of them: gates and chats may be anywhere.
          { pods: FLAGGER_PODS, ports: [443] },
          // The services whose releases it calls for, all of which are in the mesh.
          { pods: LOAD_TESTER_PODS, peers: [{ cidr: network.vpc }], ports: [MESH_PORT] },
        ],
        metrics: [8080],
      });
      onlyForFlagger(scope);
      new HelmRelease<FlaggerValues>(scope, FLAGGER, {
        chart: { source: FLAGGER },
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
          affinity: apart({ 'app.kubernetes.io/name': FLAGGER }),
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

/** The load tester runs what it is told to, so it listens to Flagger alone. */
function onlyForFlagger(scope: Construct): void {
  new CustomResource<IServer>(scope, 'server', {
    apiVersion: 'policy.linkerd.io/v1beta3',
    kind: 'Server',
    metadata: { name: LOAD_TESTER },
    spec: {
      podSelector: { matchLabels: LOAD_TESTER_PODS },
      port: LOAD_TESTER_PORT,
      proxyProtocol: 'HTTP/1',
    },
  });
  new CustomResource<IMeshTLSAuthentication>(scope, 'callers', {
    apiVersion: 'policy.linkerd.io/v1alpha1',
    kind: 'MeshTLSAuthentication',
    metadata: { name: LOAD_TESTER },
    spec: { identityRefs: [{ kind: 'ServiceAccount', name: FLAGGER, namespace: FLAGGER_NAMESPACE }] },
  });
  new CustomResource<IAuthorizationPolicy>(scope, 'authorization', {
    apiVersion: 'policy.linkerd.io/v1alpha1',
    kind: 'AuthorizationPolicy',
    metadata: { name: LOAD_TESTER },
    spec: {
      targetRef: { group: 'policy.linkerd.io', kind: 'Server', name: LOAD_TESTER },
      requiredAuthenticationRefs: [
        { group: 'policy.linkerd.io', kind: 'MeshTLSAuthentication', name: LOAD_TESTER },
      ],
    },
  });
}
