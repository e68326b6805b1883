import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';
import { CRITICAL, RESTRICTED, spread } from '../pod-defaults.ts';
import { KARPENTER_NODES } from './karpenter-nodes.ts';

/** The name of the add-on, its chart, its namespace and its ServiceAccount. */
export const LOAD_BALANCER_CONTROLLER = 'aws-load-balancer-controller';

export interface LoadBalancerControllerProps {
  version: string;
  /** The cluster's name, by which it knows its own load balancers. */
  cluster: string;
  region: string;
  /** The id of the VPC: pods can't ask the node's metadata for it. */
  vpcId: string;
  /** Whether a second pod takes over when the first one fails. */
  isHighlyAvailable: boolean;
  network: ClusterNetwork;
}

/** Where its webhooks listen. */
const WEBHOOK_PORT = 9443;

/** Keys of the chart that we set. @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/helm/aws-load-balancer-controller/values.yaml */
interface LoadBalancerControllerValues {
  clusterName: string;
  region: string;
  vpcId: string;
  replicaCount: number;
  serviceAccount: { name: string };
  podDisruptionBudget: { maxUnavailable: number };
  priorityClassName: string;
  topologySpreadConstraints: object[];
  podSecurityContext: object;
  securityContext: object;
  resources: object;
  defaultTargetType: 'ip';
  keepTLSSecret: boolean;
  enableServiceMutatorWebhook: boolean;
  createIngressClassResource: boolean;
  ingressClassParams: { create: boolean };
  enableShield: boolean;
  enableWaf: boolean;
  enableWafv2: boolean;
  controllerConfig: { featureGates: Record<string, boolean> };
  defaultTags: Record<string, string>;
}

/** The controller that makes a Network Load Balancer of a Service, and lets no pod go before that knows. */
export function loadBalancerController(props: LoadBalancerControllerProps): AddOn {
  const { version, cluster, region, vpcId, isHighlyAvailable, network } = props;
  return {
    name: LOAD_BALANCER_CONTROLLER,
    namespace: LOAD_BALANCER_CONTROLLER,
    // The few nodes from before Karpenter have no room for everybody, and Karpenter runs nowhere else.
    dependsOn: [KARPENTER_NODES],
    why: 'Makes the load balancer that users reach, and tells it of pods before they come and go.',
    needs: 'a role in AWS',
    costs: 'about 17 USD a month for each load balancer, and its traffic',
    charts: [LOAD_BALANCER_CONTROLLER],
    installs: ['elbv2.k8s.aws', 'gateway.k8s.aws', 'aga.k8s.aws'],
    sources(scope) {
      new ChartRepository(scope, LOAD_BALANCER_CONTROLLER, { url: 'https://aws.github.io/eks-charts' });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: LOAD_BALANCER_CONTROLLER,
        network,
        // The Kubernetes API asks its webhooks from addresses of the VPC.
        ingress: [{ peers: [{ cidr: network.vpc }], ports: [WEBHOOK_PORT] }],
        // Elastic Load Balancing, EC2 and ACM.
        egress: [{ ports: [443] }],
        metrics: [8080],
      });
      new HelmRelease<LoadBalancerControllerValues>(scope, LOAD_BALANCER_CONTROLLER, {
        chart: { repository: LOAD_BALANCER_CONTROLLER, name: LOAD_BALANCER_CONTROLLER, version },
        values: {
          clusterName: cluster,
          region,
          vpcId,
          replicaCount: isHighlyAvailable ? 2 : 1,
          // The one that has the role.
          serviceAccount: { name: LOAD_BALANCER_CONTROLLER },
          podDisruptionBudget: { maxUnavailable: 1 },
          priorityClassName: CRITICAL,
          topologySpreadConstraints: spread({ 'app.kubernetes.io/name': LOAD_BALANCER_CONTROLLER }),
          podSecurityContext: { fsGroup: 65534, seccompProfile: RESTRICTED.seccompProfile },
          securityContext: RESTRICTED,
          resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '256Mi' } },
          // Pods have addresses of the VPC, so nothing goes by way of another node.
          defaultTargetType: 'ip',
          // Else each upgrade makes a new certificate for its webhooks, which pods that still run don't have.
          keepTLSSecret: true,
          // It would be asked of every Service that is made anywhere, and no add-on could be installed while it is away. A
          // Service that is for it says so by its loadBalancerClass.
          enableServiceMutatorWebhook: false,
          // What comes in is routed by the controller of Ingresses: no load balancers of the seventh layer.
          createIngressClassResource: false,
          ingressClassParams: { create: false },
          enableShield: false,
          enableWaf: false,
          enableWafv2: false,
          controllerConfig: {
            // Gateways are not its: it would want a newer Gateway API than the mesh takes.
            featureGates: { ALBGatewayAPI: false, NLBGatewayAPI: false, GatewayListenerSet: false },
          },
          defaultTags: { 'slipway:cluster': cluster },
        },
      });
    },
  };
}
