// What all pods of the platform have in common, as charts take it in their values.

/** What a namespace with restricted pod security asks of every container. */
export const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** Without these a cluster serves nobody, or can't mend itself: others make room for them. Kubernetes' own class. */
export const CRITICAL = 'system-cluster-critical';

/** Without these a node is of no use, or no other node comes up: they even push away what is {@link CRITICAL}. */
export const CRITICAL_FOR_NODES = 'system-node-critical';

/** What pods are spread over. */
const TOPOLOGIES = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'];

/**
 * Has the pods of a Deployment spread over zones and over nodes, as well as can be: with fewer of them than pods, some
 * share one.
 *
 * @param labels those by which its pods are known
 */
export function spread(labels: Readonly<Record<string, string>>) {
  return TOPOLOGIES.map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { ...labels } },
  }));
}

/**
 * The same as {@link spread} for a chart that takes no topology spread constraints: no two pods where one of them could be
 * elsewhere.
 *
 * @param labels those by which its pods are known
 */
export function apart(labels: Readonly<Record<string, string>>) {
  return {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: TOPOLOGIES.map((topologyKey) => ({
        weight: 100,
        podAffinityTerm: { topologyKey, labelSelector: { matchLabels: { ...labels } } },
      })),
    },
  };
}

/**
 * For pods that need more than two minutes to go: nodes that AWS does not take back at short notice. Those that Karpenter did
 * not start have no such label, and are none of them either.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
 */
export const KEPT_NODES = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'karpenter.sh/capacity-type', operator: 'NotIn', values: ['spot'] }] },
      ],
    },
  },
};
