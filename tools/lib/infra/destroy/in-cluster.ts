// What has to go while the cluster still runs: only its own controllers know how to take it away.
import type { Kubectl } from '../../kubectl.ts';
import type { Aws } from '../aws/aws.ts';
import { type LeftoverKind, leftovers } from '../aws/leftovers.ts';
import { recordsOf } from '../aws/records.ts';
import type { Step } from '../steps.ts';
import { type KubernetesObject, list, patch, remove, title, topOwner } from './objects.ts';

export interface InClusterProps {
  aws: Aws;
  kubectl: Kubectl;
  /** The cluster's name. */
  cluster: string;
  region: string;
  /** The domain below which its routes are. */
  domain: string;
}

const KUSTOMIZATIONS = 'kustomizations.kustomize.toolkit.fluxcd.io';

/** What makes Flux put back what is taken away, in the order in which it is stopped: whoever applies others comes first. */
const APPLIED_BY_FLUX = [
  KUSTOMIZATIONS,
  'helmreleases.helm.toolkit.fluxcd.io',
  // It would go on to push to the repository.
  'imageupdateautomations.image.toolkit.fluxcd.io',
];

/** What has an address outside of the cluster. */
const WITH_ADDRESS = ['ingresses.networking.k8s.io', 'gateways.gateway.networking.k8s.io', 'services'];

const NODE_POOLS = 'nodepools.karpenter.sh';
const NODE_CLAIMS = 'nodeclaims.karpenter.sh';
const NODE_CLASSES = 'ec2nodeclasses.karpenter.k8s.aws';
const FLUX_INSTANCES = 'fluxinstances.fluxcd.controlplane.io';
const CLAIMS = 'persistentvolumeclaims';
const BUDGETS = 'poddisruptionbudgets.policy';

/** What a person calls one of each. */
const KINDS: Readonly<Record<string, string>> = {
  [KUSTOMIZATIONS]: 'Kustomization',
  'helmreleases.helm.toolkit.fluxcd.io': 'HelmRelease',
  'imageupdateautomations.image.toolkit.fluxcd.io': 'ImageUpdateAutomation',
  'ingresses.networking.k8s.io': 'Ingress',
  'gateways.gateway.networking.k8s.io': 'Gateway',
  services: 'Service',
  [CLAIMS]: 'PersistentVolumeClaim',
  [NODE_POOLS]: 'NodePool',
  [NODE_CLAIMS]: 'NodeClaim',
  [NODE_CLASSES]: 'EC2NodeClass',
  [FLUX_INSTANCES]: 'FluxInstance',
};

/** Everything that is done through the Kubernetes API, in order. */
export function inClusterSteps(props: InClusterProps): Step[] {
  return [
    suspendFlux(props),
    deleteLoadBalancers(props),
    waitForRecords(props),
    deleteVolumes(props),
    deleteNodes(props),
    deleteNodeClasses(props),
    deleteFlux(props),
  ];
}

function suspendFlux({ kubectl }: InClusterProps): Step {
  const running = async () => {
    const found = await Promise.all(
      APPLIED_BY_FLUX.map(async (resource) =>
        (await list(kubectl, resource)).map((object) => ({ resource, object })),
      ),
    );
    return found.flat().filter(({ object }) => object.spec?.suspend !== true);
  };
  return {
    title: 'suspend Flux, which would put everything back',
    left: async () => (await running()).map(({ resource, object }) => named(resource, object)),
    async act() {
      // The root applies all others, with what git says of them.
      const isRoot = ({ resource, object }: Awaited<ReturnType<typeof running>>[number]) =>
        resource === KUSTOMIZATIONS && title(object) === 'flux-system/flux-system';
      const all = await running();
      for (const { resource, object } of [...all.filter(isRoot), ...all.filter((one) => !isRoot(one))])
        await patch(kubectl, resource, object, { spec: { suspend: true } });
    },
    minutes: 5,
    remedy: 'see `kubectl -n flux-system get kustomizations`, then run this again',
  };
}

function deleteLoadBalancers({ aws, kubectl, cluster, region }: InClusterProps): Step {
  const exposed = async () => {
    const found = await Promise.all(
      WITH_ADDRESS.map(async (resource) =>
        (await list(kubectl, resource)).map((object) => ({ resource, object })),
      ),
    );
    return found
      .flat()
      .filter(({ resource, object }) => resource !== 'services' || object.spec?.type === 'LoadBalancer');
  };
  return {
    title: 'delete routes and load balancers',
    left: async () => [
      ...(await exposed()).map(({ resource, object }) => named(resource, object)),
      ...(await inAws(aws, region, cluster, 'load balancer', 'target group', 'security group')),
    ],
    async act() {
      for (const { resource, object } of await exposed()) await remove(kubectl, resource, object);
    },
    minutes: 15,
    remedy:
      'its controller says why: `kubectl -n aws-load-balancer-controller logs deployment/aws-load-balancer-controller`. What nobody else will delete, delete by `aws elbv2 delete-load-balancer --load-balancer-arn …`, `aws elbv2 delete-target-group --target-group-arn …` or `aws ec2 delete-security-group --group-id …`; then run this again',
  };
}

function waitForRecords({ aws, cluster, region, domain }: InClusterProps): Step {
  return {
    title: 'wait until the DNS names of its routes are gone',
    left: () => recordsOf(aws, region, domain, cluster),
    async act() {},
    // external-dns looks every five minutes, and at once when it hears of a change.
    minutes: 12,
    remedy: `external-dns says why: \`kubectl -n external-dns logs deployment/external-dns\`. What nobody else will delete, delete in the zone of ${domain}: a name that points at nothing may one day point at somebody else. Then run this again`,
  };
}

function deleteVolumes({ aws, kubectl, cluster, region }: InClusterProps): Step {
  return {
    title: 'delete volumes, and what writes to them',
    left: async () => [
      ...(await list(kubectl, CLAIMS)).map((object) => named(CLAIMS, object)),
      ...(await inAws(aws, region, cluster, 'volume')),
    ],
    async act() {
      const claims = await list(kubectl, CLAIMS);
      if (claims.length === 0) return;
      const isClaimed = new Set(claims.map(title));
      for (const pod of await list(kubectl, 'pods')) {
        const uses = (pod.spec?.volumes ?? []).some(
          ({ persistentVolumeClaim: claim }) =>
            claim && isClaimed.has(`${pod.metadata.namespace}/${claim.claimName}`),
        );
        // Whatever would start the pod again has to go, and a pod that has begun to end needs no more.
        const top = uses ? await topOwner(kubectl, 'pods', pod) : undefined;
        if (top) await remove(kubectl, top.resource, top.object);
      }
      for (const claim of claims) await remove(kubectl, CLAIMS, claim);
    },
    minutes: 15,
    remedy:
      'a claim goes when no pod uses it, and its volume after it: `kubectl get pods,pvc --all-namespaces`. A volume that its claim was told to keep, delete by `aws ec2 delete-volume --volume-id …`; then run this again',
  };
}

function deleteNodes({ aws, kubectl, cluster, region }: InClusterProps): Step {
  return {
    title: 'delete the nodes that Karpenter started',
    left: async () => [
      ...(await list(kubectl, NODE_POOLS)).map((object) => named(NODE_POOLS, object)),
      ...(await list(kubectl, NODE_CLAIMS)).map((object) => named(NODE_CLAIMS, object)),
      ...(await inAws(aws, region, cluster, 'instance')),
    ],
    async act() {
      // There is nowhere left for pods to go, so what says that some must stay would hold up each node for its full hour.
      for (const budget of await list(kubectl, BUDGETS)) await remove(kubectl, BUDGETS, budget);
      for (const pool of await list(kubectl, NODE_POOLS)) await remove(kubectl, NODE_POOLS, pool);
      for (const claim of await list(kubectl, NODE_CLAIMS)) await remove(kubectl, NODE_CLAIMS, claim);
    },
    // After an hour Karpenter ends a node whatever still runs on it: terminationGracePeriod of the NodePools.
    minutes: 75,
    remedy:
      'Karpenter says why: `kubectl -n karpenter logs deployment/karpenter`. What nobody else will end, end by `aws ec2 terminate-instances --instance-ids …`; then run this again',
  };
}

function deleteNodeClasses({ kubectl }: InClusterProps): Step {
  return {
    title: 'delete the instance profiles that Karpenter made',
    left: async () => (await list(kubectl, NODE_CLASSES)).map((object) => named(NODE_CLASSES, object)),
    async act() {
      for (const nodeClass of await list(kubectl, NODE_CLASSES))
        await remove(kubectl, NODE_CLASSES, nodeClass);
    },
    minutes: 10,
    remedy: 'Karpenter says why: `kubectl -n karpenter logs deployment/karpenter`; then run this again',
  };
}

function deleteFlux({ kubectl }: InClusterProps): Step {
  return {
    // Its operator must still be there to clear it away; the bootstrap stack, which comes next, has that.
    title: 'delete Flux',
    left: async () => (await list(kubectl, FLUX_INSTANCES)).map((object) => named(FLUX_INSTANCES, object)),
    async act() {
      for (const flux of await list(kubectl, FLUX_INSTANCES)) await remove(kubectl, FLUX_INSTANCES, flux);
    },
    minutes: 10,
    remedy:
      'its operator says why: `kubectl -n flux-system logs deployment/flux-operator`; then run this again',
  };
}

/** `Kustomization flux-system/mesh`; `resource` is one of those above. */
function named(resource: string, object: KubernetesObject): string {
  return `${KINDS[resource] ?? resource} ${title(object)}`;
}

async function inAws(aws: Aws, region: string, cluster: string, ...kinds: LeftoverKind[]): Promise<string[]> {
  return (await leftovers(aws, region, cluster, kinds)).map(({ kind, id }) => `${kind} ${id}`);
}
