import type { IEC2NodeClass } from '@kubernetes-models/karpenter/karpenter.k8s.aws/v1/EC2NodeClass';
import type { INodePool } from '@kubernetes-models/karpenter/karpenter.sh/v1/NodePool';
import type { Construct } from 'constructs';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';
import { KARPENTER } from './karpenter.ts';
import { closedHours, type Maintenance } from './maintenance.ts';

/** The name of the add-on. */
export const KARPENTER_NODES = 'karpenter-nodes';

export interface KarpenterNodesProps {
  /** The cluster's name: its nodes' role, subnets and security groups are found by it. */
  cluster: string;
  /** The version of Bottlerocket that nodes run: `1.68.1`. */
  bottlerocket: string;
  /** The most cores of the nodes of each pool. */
  maxCpu: number;
  /** Whether there are nodes that AWS may take back within two minutes. */
  spot: boolean;
  /** The processors, the preferred one first. */
  architectures: readonly string[];
  /** When nodes may be exchanged for newer ones. */
  maintenance: Maintenance;
  /** Whether pods are moved only where it saves much, and not just to save something. */
  isHighlyAvailable: boolean;
}

/** By how AWS charges for a node, the cheaper one first. */
const CAPACITY_TYPES = ['spot', 'on-demand'] as const;

/** Karpenter tries the pool with the greatest weight first; 100 is the most that it takes. */
const WEIGHT_STEP = 10;

const NODE_CLASS = 'bottlerocket';

/**
 * The longest that a node may take to be drained.
 *
 * Karpenter ends an instance once all its pods have ended, each in its own time: the controller of Ingresses, for one, waits
 * until the load balancer sends it nothing more. That takes minutes, and disruption budgets make pods go one after
 * another. After this time what is left is ended all the same, so that a pod that nobody may evict can't hold up a patch
 * for ever. It must be longer than the grace period of any pod.
 *
 * @see https://karpenter.sh/docs/concepts/disruption/#terminationgraceperiod
 */
export const DRAIN_HOURS = 1;

/** The kinds of nodes that Karpenter may start, and when it may end them. */
export function karpenterNodes(props: KarpenterNodesProps): AddOn {
  const { architectures, spot } = props;
  return {
    name: KARPENTER_NODES,
    namespace: KARPENTER,
    dependsOn: [KARPENTER],
    why: 'The kinds of nodes that Karpenter may start: Bottlerocket, by processor and by how they are paid for.',
    charts: ['bottlerocket'],
    needs: 'the role <cluster>-node, and private subnets and a security group that carry its discovery tag',
    objects(scope) {
      addNodeClass(scope, props);
      const kinds = CAPACITY_TYPES.filter((type) => spot || type !== 'spot').flatMap((capacityType) =>
        architectures.map((architecture) => ({ capacityType, architecture })),
      );
      for (const [index, kind] of kinds.entries()) {
        addNodePool(scope, { ...props, ...kind, weight: (kinds.length - index) * WEIGHT_STEP });
      }
    },
  };
}

function addNodeClass(scope: Construct, { cluster, bottlerocket }: KarpenterNodesProps): void {
  const found = [{ tags: { 'karpenter.sh/discovery': cluster } }];
  const disk = (deviceName: string, volumeSize: string) => ({
    deviceName,
    ebs: { volumeSize, volumeType: 'gp3' as const, encrypted: true, deleteOnTermination: true },
  });
  clusterScoped(
    new CustomResource<IEC2NodeClass>(scope, 'node-class', {
      apiVersion: 'karpenter.k8s.aws/v1',
      kind: 'EC2NodeClass',
      metadata: { name: NODE_CLASS },
      spec: {
        // Exact, so that a new one is tried in the first ring before nodes elsewhere are exchanged for it.
        amiSelectorTerms: [{ alias: `bottlerocket@v${bottlerocket}` }],
        role: `${cluster}-node`,
        subnetSelectorTerms: found,
        securityGroupSelectorTerms: found,
        // One hop: a pod that asks for its node's credentials gets no answer.
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        // Bottlerocket's system, and the images, logs and scratch space of its pods.
        blockDeviceMappings: [disk('/dev/xvda', '4Gi'), disk('/dev/xvdb', '50Gi')],
        tags: { Name: `${cluster}-karpenter`, 'slipway:cluster': cluster },
      },
    }),
  );
}

function addNodePool(
  scope: Construct,
  props: KarpenterNodesProps & { capacityType: string; architecture: string; weight: number },
): void {
  const { capacityType, architecture, weight, maxCpu, maintenance, isHighlyAvailable } = props;
  const name = `${capacityType}-${architecture}`;
  clusterScoped(
    new CustomResource<INodePool>(scope, `pool-${name}`, {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodePool',
      metadata: { name },
      spec: {
        weight,
        limits: { cpu: String(maxCpu) },
        template: {
          spec: {
            nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: NODE_CLASS },
            requirements: [
              { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
              { key: 'kubernetes.io/arch', operator: 'In', values: [architecture] },
              { key: 'karpenter.sh/capacity-type', operator: 'In', values: [capacityType] },
              // Neither burstable nor special; many kinds, so that there is always one to be had.
              { key: 'karpenter.k8s.aws/instance-category', operator: 'In', values: ['c', 'm', 'r'] },
              // From the sixth generation on all are encrypted in transit and start on Nitro.
              { key: 'karpenter.k8s.aws/instance-generation', operator: 'Gt', values: ['5'] },
              // Smaller ones are full of what every node runs; of larger ones, one takes too much with it.
              { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Gt', values: ['1'] },
              { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Lt', values: ['17'] },
            ],
            // The driver of volumes takes it away when it is ready: before that, pods with a volume could not start.
            startupTaints: [{ key: 'ebs.csi.aws.com/agent-not-ready', effect: 'NoExecute' }],
            // No budget holds this up. New versions come far more often: it is for nodes that were forgotten.
            expireAfter: '720h',
            terminationGracePeriod: `${DRAIN_HOURS}h`,
          },
        },
        disruption: {
          consolidationPolicy: isHighlyAvailable ? 'Balanced' : 'WhenEmptyOrUnderutilized',
          // Longer than a release takes between two steps, so that its coming and going pods move no others.
          consolidateAfter: isHighlyAvailable ? '10m' : '2m',
          budgets: [
            // The strictest of those that are open counts.
            { nodes: '10%', reasons: ['Drifted', 'Underutilized'] },
            { nodes: '50%', reasons: ['Empty'] },
            ...closedHours(maintenance).map(({ schedule, duration }) => ({
              nodes: '0',
              reasons: ['Drifted' as const],
              schedule,
              duration,
            })),
          ],
        },
      },
    }),
  );
}
