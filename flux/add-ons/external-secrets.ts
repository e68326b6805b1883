import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';
import { CRITICAL, RESTRICTED, spread } from '../pod-defaults.ts';
import { KARPENTER_NODES } from './karpenter-nodes.ts';

/** The name of the add-on, its chart, its namespace and its ServiceAccount. */
export const EXTERNAL_SECRETS = 'external-secrets';

export interface ExternalSecretsProps {
  version: string;
  /** Whether a second pod of each kind takes over when the first one fails. */
  isHighlyAvailable: boolean;
  network: ClusterNetwork;
}

/** Where its webhook listens. */
const WEBHOOK_PORT = 10250;

/** What its three Deployments have in common. */
interface PodValues {
  replicaCount: number;
  podDisruptionBudget: { enabled: boolean; maxUnavailable: number };
  priorityClassName: string;
  topologySpreadConstraints: object[];
  securityContext: object;
  resources: object;
}

/** Keys of the chart that we set. @see https://github.com/external-secrets/external-secrets/blob/main/deploy/charts/external-secrets/values.yaml */
interface ExternalSecretsValues extends PodValues {
  serviceAccount: { name: string };
  leaderElect: boolean;
  crds: Record<
    'createClusterExternalSecret' | 'createClusterGenerator' | 'createPushSecret' | 'createClusterPushSecret',
    boolean
  >;
  processClusterExternalSecret: boolean;
  processClusterGenerator: boolean;
  processPushSecret: boolean;
  processClusterPushSecret: boolean;
  rbac: { serviceAccountTokenCreate: boolean; servicebindings: { create: boolean } };
  webhook: PodValues;
  certController: PodValues;
}

/** External Secrets, which copies what pods may know out of AWS, and keeps the copies as they are there. */
export function externalSecrets({ version, isHighlyAvailable, network }: ExternalSecretsProps): AddOn {
  const pods = (name: string): PodValues => ({
    replicaCount: isHighlyAvailable ? 2 : 1,
    podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
    priorityClassName: CRITICAL,
    topologySpreadConstraints: spread({ 'app.kubernetes.io/name': name }),
    securityContext: { ...RESTRICTED, enabled: true, runAsUser: 1000 },
    resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  });
  return {
    name: EXTERNAL_SECRETS,
    namespace: EXTERNAL_SECRETS,
    // The few nodes from before Karpenter have no room for everybody, and Karpenter runs nowhere else.
    dependsOn: [KARPENTER_NODES],
    why: 'Copies secrets out of AWS, so that none stands in git.',
    needs: 'a role in AWS',
    costs: '0.40 USD a month for each secret in Secrets Manager; parameters of SSM cost nothing',
    charts: [EXTERNAL_SECRETS],
    installs: ['external-secrets.io', 'generators.external-secrets.io'],
    sources(scope) {
      new ChartRepository(scope, EXTERNAL_SECRETS, { url: 'https://charts.external-secrets.io' });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: EXTERNAL_SECRETS,
        network,
        // The Kubernetes API asks its webhook from addresses of the VPC.
        ingress: [{ peers: [{ cidr: network.vpc }], ports: [WEBHOOK_PORT] }],
        // Secrets Manager, SSM and STS.
        egress: [{ ports: [443] }],
        metrics: [8080],
      });
      new HelmRelease<ExternalSecretsValues>(scope, EXTERNAL_SECRETS, {
        chart: { repository: EXTERNAL_SECRETS, name: EXTERNAL_SECRETS, version },
        values: {
          ...pods(EXTERNAL_SECRETS),
          // The one that has the role.
          serviceAccount: { name: EXTERNAL_SECRETS },
          leaderElect: isHighlyAvailable,
          // Secrets come in and none goes out, and each is asked for where it is used.
          crds: {
            createClusterExternalSecret: false,
            createClusterGenerator: false,
            createPushSecret: false,
            createClusterPushSecret: false,
          },
          processClusterExternalSecret: false,
          processClusterGenerator: false,
          processPushSecret: false,
          processClusterPushSecret: false,
          // It signs in as itself, so it needs nobody else's tokens.
          rbac: { serviceAccountTokenCreate: false, servicebindings: { create: false } },
          webhook: pods(`${EXTERNAL_SECRETS}-webhook`),
          certController: pods(`${EXTERNAL_SECRETS}-cert-controller`),
        },
      });
    },
  };
}
