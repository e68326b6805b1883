// Who in a cluster may speak to AWS: the one list of service accounts that get a role by EKS Pod Identity. cluster-infra
// makes a role and an association of each; a test holds that what dist/ runs names the same service accounts.
import { appSettings, hasAddOn } from './per-ring.ts';
import type { Cluster, Platform, Topology } from './schema.ts';

/** A service account of a cluster that has a role in AWS. */
export interface PodIdentity {
  /** What the role is called, after the cluster's name and a dash. */
  name: string;
  namespace: string;
  serviceAccount: string;
  /** What it needs AWS for. */
  purpose: string;
}

/**
 * Where an identity comes from, which decides who installs its service account:
 *
 * - `add-on`: a HelmRelease in `dist/`;
 * - `flux`: Flux itself, which the CDK installs;
 * - `eks`: an EKS add-on, which AWS runs.
 */
export type IdentitySource = 'add-on' | 'flux' | 'eks';

/** What runs on clusters and needs AWS, by the name of its role. Apps with a database come on top of it. */
export const POD_IDENTITIES = {
  karpenter: {
    source: 'add-on',
    namespace: 'karpenter',
    serviceAccount: 'karpenter',
    purpose: 'starts and ends nodes',
  },
  'aws-load-balancer-controller': {
    source: 'add-on',
    namespace: 'aws-load-balancer-controller',
    serviceAccount: 'aws-load-balancer-controller',
    purpose: 'makes the load balancers of Services',
  },
  'external-dns': {
    source: 'add-on',
    namespace: 'external-dns',
    serviceAccount: 'external-dns',
    purpose: "writes the names of the ring's apps into its hosted zone",
  },
  'cert-manager': {
    source: 'add-on',
    namespace: 'cert-manager',
    serviceAccount: 'cert-manager',
    purpose: 'answers DNS-01 challenges in the hosted zone',
  },
  'external-secrets': {
    source: 'add-on',
    namespace: 'external-secrets',
    serviceAccount: 'external-secrets',
    purpose: "reads the cluster's secrets in Secrets Manager",
  },
  'opentelemetry-collector': {
    source: 'add-on',
    namespace: 'opentelemetry',
    serviceAccount: 'opentelemetry-collector',
    purpose: 'sends traces to X-Ray',
  },
  'fluent-bit': {
    source: 'add-on',
    namespace: 'logging',
    serviceAccount: 'fluent-bit',
    purpose: 'sends the logs of pods and nodes to CloudWatch',
  },
  'image-reflector': {
    source: 'flux',
    namespace: 'flux-system',
    serviceAccount: 'image-reflector-controller',
    purpose: 'lists the tags of our images, where they are in ECR',
  },
  'ebs-csi': {
    source: 'eks',
    namespace: 'kube-system',
    serviceAccount: 'ebs-csi-controller-sa',
    purpose: 'makes the volumes of pods',
  },
  'vpc-cni': {
    source: 'eks',
    namespace: 'kube-system',
    serviceAccount: 'aws-node',
    purpose: 'gives pods their addresses',
  },
  'cloudwatch-agent': {
    source: 'eks',
    namespace: 'amazon-cloudwatch',
    serviceAccount: 'cloudwatch-agent',
    purpose: 'sends Container Insights to CloudWatch',
  },
} as const satisfies Record<string, Omit<PodIdentity, 'name'> & { source: IdentitySource }>;

/** The name of an identity that is no app's. */
export type PodIdentityName = keyof typeof POD_IDENTITIES;

/** The services of an app that is split and that work on its database. Its pages hold no connections of their own. */
const DATABASE_PARTS = ['auth', 'content', 'recommendations'];

/** Which of the two layouts run, by the topology. */
const LAYOUTS: Readonly<Record<Topology, { single?: true; split?: true }>> = {
  single: { single: true },
  split: { split: true },
  'single-to-split': { single: true, split: true },
  'split-to-single': { single: true, split: true },
};

/** An app that signs in to the cluster's database by its AWS role. */
export interface AppIdentity {
  /** What the role is called, after the cluster's name and a dash: with a word of its own, so that it meets no add-on's. */
  name: string;
  /** The app: its namespace, its database and its user there have this name. */
  app: string;
  /** Those of its services that work on the database. */
  serviceAccounts: string[];
}

/**
 * The apps of a cluster that have a database.
 *
 * @param platform one with no mistake
 */
export function appIdentities(platform: Platform, { apps, ring }: Cluster): AppIdentity[] {
  return apps.flatMap((app) => {
    const { database, topology } = appSettings(platform, app, ring);
    if (database === undefined) return [];
    const { single, split } = LAYOUTS[topology];
    const parts = DATABASE_PARTS.map((part) => `${app}-${part}`);
    return [
      { name: `app-${app}`, app, serviceAccounts: [...(single ? [app] : []), ...(split ? parts : [])] },
    ];
  });
}

/**
 * The identities that a cluster has, apps aside: those of what runs there.
 *
 * @param platform one with no mistake
 */
export function podIdentities(
  platform: Platform,
  cluster: Cluster,
): (PodIdentity & { name: PodIdentityName })[] {
  const optional: Partial<Record<PodIdentityName, boolean>> = {
    'external-dns': hasAddOn(platform, cluster.ring, 'external-dns'),
    'opentelemetry-collector': hasAddOn(platform, cluster.ring, 'opentelemetry-collector'),
    'fluent-bit': hasAddOn(platform, cluster.ring, 'fluent-bit'),
    'cloudwatch-agent': hasAddOn(platform, cluster.ring, 'container-insights'),
    // Other registries know no roles of AWS.
    'image-reflector':
      platform.imageAutomation.cluster === cluster.name && platform.registryAccess === 'aws-role',
  };
  return (Object.keys(POD_IDENTITIES) as PodIdentityName[])
    .filter((name) => optional[name] ?? true)
    .map((name) => {
      const { namespace, serviceAccount, purpose } = POD_IDENTITIES[name];
      return { name, namespace, serviceAccount, purpose };
    });
}
