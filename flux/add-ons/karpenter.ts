import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { ChartSource, HelmRelease, releaseWorkflow } from '../helm-release.ts';
import { CRITICAL_FOR_NODES, spread } from '../pod-defaults.ts';

/** The names of the add-ons, which are those of the charts. */
export const KARPENTER_CRDS = 'karpenter-crd';
export const KARPENTER = 'karpenter';

/** Both charts are signed as they are published. @see https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/ */
const SIGNER = releaseWorkflow('aws/karpenter-provider-aws', 'release.yaml');

export interface KarpenterProps {
  /** Of both charts, which are released together. */
  version: string;
  /** The cluster's name, which is also that of the queue at which AWS tells of nodes that it takes back. */
  cluster: string;
  region: string;
  /** Whether a second pod takes over when the first one fails. */
  isHighlyAvailable: boolean;
  network: ClusterNetwork;
}

/** Keys of the karpenter chart that we set. @see https://github.com/aws/karpenter-provider-aws/blob/main/charts/karpenter/values.yaml */
interface KarpenterValues {
  replicas: number;
  serviceAccount: { name: string };
  podDisruptionBudget: { maxUnavailable: number };
  priorityClassName: string;
  topologySpreadConstraints: object[];
  controller: { env: { name: string; value: string }[]; resources: object };
  settings: { clusterName: string; interruptionQueue: string };
}

/** Karpenter's kinds, by the chart that upstream has for them: the controller's own chart would only ever add them. */
export function karpenterCrds({ version }: Pick<KarpenterProps, 'version'>): AddOn {
  return {
    name: KARPENTER_CRDS,
    namespace: 'kube-system',
    dependsOn: [],
    why: "Karpenter's kinds, in a chart of their own.",
    charts: [KARPENTER],
    installs: ['karpenter.sh', 'karpenter.k8s.aws', 'autoscaling.x-k8s.io'],
    sources(scope) {
      new ChartSource(scope, KARPENTER_CRDS, {
        url: 'oci://public.ecr.aws/karpenter/karpenter-crd',
        version,
        signedBy: SIGNER,
      });
    },
    objects(scope) {
      new HelmRelease<Record<string, never>>(scope, KARPENTER_CRDS, {
        chart: { source: KARPENTER_CRDS },
        values: {},
      });
    },
  };
}

/** Karpenter, which starts nodes for pods that find no room and ends those that are not needed. */
export function karpenter({ version, cluster, region, isHighlyAvailable, network }: KarpenterProps): AddOn {
  return {
    name: KARPENTER,
    namespace: KARPENTER,
    dependsOn: [KARPENTER_CRDS],
    why: 'Starts nodes for pods that find no room, and ends nodes that are not needed.',
    needs: 'a role in AWS, and the queue at which AWS tells of nodes that it takes back',
    costs: 'the nodes that it starts, up to the limits of its pools',
    charts: [KARPENTER],
    sources(scope) {
      new ChartSource(scope, KARPENTER, {
        url: 'oci://public.ecr.aws/karpenter/karpenter',
        version,
        signedBy: SIGNER,
      });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: KARPENTER,
        network,
        // EC2, SQS, SSM, IAM, EKS and the price list.
        egress: [{ ports: [443] }],
        metrics: [8080],
      });
      new HelmRelease<KarpenterValues>(scope, KARPENTER, {
        chart: { source: KARPENTER },
        // karpenter-crd has them.
        crds: 'Skip',
        values: {
          // The chart keeps them off nodes of Karpenter's own, so that it can't end the node it runs on.
          replicas: isHighlyAvailable ? 2 : 1,
          // The one that has the role.
          serviceAccount: { name: KARPENTER },
          podDisruptionBudget: { maxUnavailable: 1 },
          // It runs on the nodes that are not its own only. Full of pods no less critical than it, they would stay so for ever:
          // whoever would make room is not there.
          priorityClassName: CRITICAL_FOR_NODES,
          topologySpreadConstraints: spread({ 'app.kubernetes.io/name': KARPENTER }),
          controller: {
            // It would ask the node, which answers no pod.
            env: [{ name: 'AWS_REGION', value: region }],
            // Upstream advises a core and 1 Gi for large clusters; it keeps all pods and nodes in memory.
            resources: {
              requests: isHighlyAvailable
                ? { cpu: '250m', memory: '512Mi' }
                : { cpu: '100m', memory: '256Mi' },
              limits: { memory: isHighlyAvailable ? '1Gi' : '512Mi' },
            },
          },
          settings: { clusterName: cluster, interruptionQueue: cluster },
        },
      });
    },
  };
}
