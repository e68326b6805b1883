// What a platform's config may hold. Only shapes and single values are judged here; what depends on several values
// (a cluster's ring exists, VPCs don't overlap) stands in cross-checks.ts.
import { z } from 'zod';
import { OPTIONAL_ADD_ONS, type OptionalAddOn } from './add-ons.ts';
import { aws, CLUSTER_KEYS, DATABASE_KEYS } from './checks/aws.ts';
import { AWS_REGIONS } from './checks/aws-regions.ts';
import { changeWindow, freeze } from './checks/changes.ts';
import { edge } from './checks/edge.ts';
import { nodes } from './checks/nodes.ts';
import { refusal } from './checks/refusal.ts';
import { release } from './checks/release.ts';
import { byKey, list, mapOf, object, oneOf, trueOrFalse, unique } from './checks/shapes.ts';
import { risk, traffic } from './checks/traffic.ts';
import {
  alertChannel,
  awsAccount,
  branchName,
  cpuQuantity,
  domainName,
  gitUrl,
  label,
  memoryQuantity,
  reason,
  registry,
  vpcCidr,
  wholeNumber,
} from './checks/values.ts';

const PROMOTIONS = ['automatic', 'approval'] as const;
const GIT_HOSTS = ['github', 'gitlab', 'none'] as const;
const REGISTRY_ACCESS = ['everybody', 'aws-role', 'pull-secret'] as const;
const ALERT_TARGETS = ['slack', 'msteams', 'webhook'] as const;

/** Kubernetes object names of an app end in at most `-primary`, and a Service's name has at most 63 characters. */
const appName = () => label(55, 'Flagger adds "-primary" to it');

/** The names of IAM roles begin with it and have at most 64 characters; the longest of ours adds 29. */
const clusterName = () => label(35, 'its IAM roles begin with it');

/** Which optional add-ons there are: `{ 'external-dns': 'off' }`. */
const addOns = () =>
  object(
    Object.fromEntries(
      Object.keys(OPTIONAL_ADD_ONS).map((name) => [name, oneOf(['on', 'off']).optional()]),
    ) as Record<OptionalAddOn, z.ZodOptional<z.ZodEnum<{ on: 'on'; off: 'off' }>>>,
  ).default({});

const SIZINGS = ['small', 'highly-available'] as const;

const ring = z.discriminatedUnion(
  'promotion',
  [
    object({
      /** A step of the way to production: `dev`. */
      name: label(),
      /** New images and versions arrive by themselves. */
      promotion: z.literal('automatic'),
      /**
       * Which images Flux's image automation puts here: every release, or pre-releases (`0.2.0-rc.3`) too.
       *
       * @default releases only
       */
      images: oneOf(['releases', 'pre-releases']).default('releases'),
      /**
       * The DNS name under which the ring's apps are reached.
       *
       * @default `<name>.<domain of the platform>`
       */
      domain: domainName().optional(),
      /**
       * Whether its platform is small and cheap, or runs everything more than once, over zones.
       *
       * @default highly-available where a person approves what arrives, else small
       */
      sizing: oneOf(SIZINGS).optional(),
      /**
       * Optional add-ons that it has or has not, in place of what the platform says.
       *
       * @default as the platform says
       */
      addOns: addOns(),
      /**
       * How its clusters are reached: each key in place of what the platform says.
       *
       * @default as the platform says
       */
      edge: edge(),
    }),
    object({
      /** A step of the way to production: `prod`. */
      name: label(),
      /** New images and versions arrive by a pull request that a person merges. */
      promotion: z.literal('approval'),
      /**
       * How long an image must have run in the ring before, in minutes, until it is proposed for this one.
       *
       * @default 60 minutes
       */
      soakMinutes: wholeNumber(0, undefined, 'minutes').default(60),
      /**
       * The hours of the week in which something may be promoted to it. Rolling back needs none.
       *
       * @default at all times
       */
      changeWindows: list(changeWindow, { of: 'change windows' }).default([]),
      /**
       * Times in which nothing may be promoted to it, whatever the windows say. Rolling back may go on.
       *
       * @default none
       */
      freezes: list(freeze, { of: 'freezes' }).default([]),
      /**
       * The DNS name under which the ring's apps are reached.
       *
       * @default `<name>.<domain of the platform>`
       */
      domain: domainName().optional(),
      /**
       * Whether its platform is small and cheap, or runs everything more than once, over zones.
       *
       * @default highly-available where a person approves what arrives, else small
       */
      sizing: oneOf(SIZINGS).optional(),
      /**
       * Optional add-ons that it has or has not, in place of what the platform says.
       *
       * @default as the platform says
       */
      addOns: addOns(),
      /**
       * How its clusters are reached: each key in place of what the platform says.
       *
       * @default as the platform says
       */
      edge: edge(),
    }),
  ],
  byKey('promotion', PROMOTIONS),
);

const cluster = object({
  /** The name of the EKS cluster, of its folder in `dist/` and of its stacks: `dev-eu-west-1`. */
  name: clusterName(),
  /** The AWS account it runs in: 12 digits, as a string. */
  account: awsAccount(),
  /** The AWS region it runs in. */
  region: oneOf(AWS_REGIONS),
  /** The ring it belongs to. */
  ring: label(),
  /** The availability zones it spans, by their letters: two to five, since EKS wants two at least. */
  zones: unique(list(oneOf(['a', 'b', 'c', 'd', 'e', 'f']), { of: 'zone letters', min: 2, max: 5 })),
  /** The IPv4 range of its VPC: private, /16 to /20, and no other cluster's. */
  vpcCidr: vpcCidr(),
  database: object({
    /**
     * The connections that its database server takes from apps. What all apps of the cluster may open at once must not be
     * more, or requests fail just when they are many.
     *
     * @default 400: PostgreSQL on RDS takes 1 for each 9,531,392 bytes of memory, so about 400 on a db.t4g.medium
     * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
     */
    maxConnections: wholeNumber(1, undefined, 'connections').default(400),
    ...DATABASE_KEYS,
  }).prefault({}),
  /**
   * The nodes that are started for what runs on it: see config/checks/nodes.ts.
   *
   * @default those of its ring's size, by config/nodes.ts
   */
  nodes: nodes(),
  /** The apps that run on it. */
  apps: unique(list(appName(), { of: 'names of apps' })),
  /**
   * Why Flux is to leave it as it is: nothing new is applied, nothing is mended and nothing is deleted, until this goes.
   *
   * @default Flux syncs it
   */
  suspend: reason().optional(),
  ...CLUSTER_KEYS,
});

const replicas = object({
  /** The fewest pods, at the quietest hour. */
  min: wholeNumber(1),
  /** The most pods that autoscaling may run. */
  max: wholeNumber(1),
}).check(({ value: { min, max }, issues }) => {
  if (min <= max) return;
  const message = refusal(max, `a whole number of ${min} or more (at least "min")`);
  issues.push({ code: 'custom', path: ['max'], input: max, message });
});

/** How an app's processes are laid out; between the two, a step at which one serves and the other already runs. */
export const TOPOLOGIES = ['single', 'split', 'single-to-split', 'split-to-single'] as const;

const required = {
  /** How many pods autoscaling may choose from. */
  replicas,
  /** The CPU that each pod asks for: a Kubernetes quantity of cores, `100m`. */
  cpu: cpuQuantity(),
  /** The memory that each pod asks for: a Kubernetes quantity of bytes, `192Mi`. */
  memory: memoryQuantity(),
};

const database = object({
  /** The connections that each pod may hold for users' requests; one more asks whether the database is there. */
  poolSize: wholeNumber(1, 100, 'connections of each pod'),
});

const settings = object({
  ...required,
  /**
   * How a new image reaches the users.
   *
   * @default a canary with its own defaults
   */
  release: release.prefault({ strategy: 'canary' }),
  /**
   * Whether the app is one service or several, for an app that can be both. To go from one to the other, first commit
   * `single-to-split` or `split-to-single`: the other one then starts while the first still serves.
   *
   * @default single
   */
  topology: oneOf(TOPOLOGIES).default('single'),
  /**
   * Its connections to the cluster's database server.
   *
   * @default it has no database
   */
  database: database.optional(),
  /**
   * The requests of its users, by which the odds of its releases are computed: `npm run plan`.
   *
   * @default 10 requests a second, where nothing is said
   */
  traffic: traffic().optional(),
  /**
   * How bad the odds of its releases may be. Where it is given, `npm run check` holds them to it; elsewhere it only warns.
   *
   * @default the platform's
   */
  risk: risk().optional(),
});

/** Not `settings.partial()`: a default there would undo, in a ring, what the app's own settings say. */
const overrides = object({
  replicas: required.replicas.optional(),
  cpu: required.cpu.optional(),
  memory: required.memory.optional(),
  release: release.optional(),
  topology: oneOf(TOPOLOGIES).optional(),
  database: database.optional(),
  traffic: traffic().optional(),
  risk: risk().optional(),
  /**
   * Why Flux is to leave the app as it is on the ring's clusters, until this goes.
   *
   * @default Flux syncs it
   */
  suspend: reason().optional(),
});

const app = object({
  /**
   * The label under which the app is reached in a ring: `<subdomain>.<domain of the ring>`.
   *
   * @default the name of the app
   */
  subdomain: label().optional(),
  /** How the app runs, in every ring. */
  settings,
  /**
   * What is different in a ring. A key given here stands in place of the same key in `settings`, as a whole.
   *
   * @default no differences
   */
  rings: mapOf(label(), overrides, 'an object with settings by ring').default({}),
});

/** The zod schema of a platform, for who needs it whole; to judge a config, use `parsePlatform`. */
export const platformSchema = object({
  /** The name of the organisation: a lower-case DNS label, for names that must be its own in all the world. */
  organisation: label(),
  /** The domain under which all rings' domains lie by default. */
  domain: domainName(),
  git: object({
    /** The repository that Flux reads, as an https or ssh URL. */
    url: gitUrl(),
    /**
     * The branch that Flux reads, and to which image automation pushes.
     *
     * @default main
     */
    branch: branchName().default('main'),
    /**
     * Whether clusters sign in to read it. The one that pushes images always does.
     *
     * @default private: each by the secret `<cluster>/platform/flux-git`
     */
    access: oneOf(['private', 'public']).default('private'),
    /**
     * Whose commit statuses Flux writes, so that a person and `npm run promote` see how each cluster fared with a commit.
     * It signs in by the secret `<cluster>/platform/flux-git`.
     *
     * @default by the URL: github.com and gitlab.com are known, others get none
     */
    host: oneOf(GIT_HOSTS).optional(),
    /**
     * Whether the git host tells each cluster of a push, by a webhook that you set up there; else a cluster asks once a
     * minute. The two share the secret `<cluster>/platform/flux-webhook`, with the key `token`.
     *
     * @default false
     */
    pushEvents: trueOrFalse().default(false),
  }),
  /** Where images are pushed: host and path, `ghcr.io/slipway`. */
  registry: registry(),
  /**
   * How clusters may read there: everybody may, their AWS roles may, or who has the credentials of the pull secret
   * `<cluster>/platform/registry` in Secrets Manager.
   *
   * @default roles for a registry of ECR, else everybody
   */
  registryAccess: oneOf(REGISTRY_ACCESS).optional(),
  /**
   * Where people are told of failed releases and of what else is wrong. The address to post to is a secret:
   * `<cluster>/platform/alerts` in Secrets Manager, with the key `address`.
   *
   * @default nowhere: alerts are seen by who looks
   */
  alerts: object({
    /** What listens at the address. */
    to: oneOf(ALERT_TARGETS),
    /** The channel, where the address is not of one channel: `#releases`. @default that of the address */
    channel: alertChannel().optional(),
  }).optional(),
  /** The steps to production, first to last. */
  rings: list(ring, { of: 'rings', min: 1 }),
  imageAutomation: object({
    /** The one cluster whose Flux may push to the repository. */
    cluster: label(),
  }),
  /**
   * Which optional add-ons clusters have: `{ 'external-dns': 'off' }`. Those that need one that is left out are told.
   *
   * @default as OPTIONAL_ADD_ONS in config/add-ons.ts says
   */
  addOns: addOns(),
  /** How users get in, and who may open the dashboards: see config/checks/edge.ts. */
  edge: edge(),
  /** What AWS tells, and whom. */
  aws: aws(),
  /**
   * How bad the odds of any app's releases may be. Where it is given, `npm run check` holds them to it; elsewhere it only
   * warns.
   *
   * @default a healthy release is rolled back, and a broken one promoted, in no more than 5 of 100 cases
   */
  risk: risk().optional(),
  /** One record per cluster. */
  clusters: list(cluster, { of: 'clusters', min: 1 }),
  /** The apps by name. */
  apps: mapOf(appName(), app, 'an object with apps by name'),
}).transform((platform) => ({
  ...platform,
  git: { ...platform.git, host: platform.git.host ?? hostOf(platform.git.url) },
  registryAccess: platform.registryAccess ?? accessOf(platform.registry),
  rings: platform.rings.map((ring) => ({
    ...ring,
    domain: ring.domain ?? `${ring.name}.${platform.domain}`,
    sizing:
      ring.sizing ?? (ring.promotion === 'approval' ? ('highly-available' as const) : ('small' as const)),
  })),
  apps: Object.fromEntries(
    Object.entries(platform.apps).map(([name, app]) => [name, { ...app, subdomain: app.subdomain ?? name }]),
  ),
}));

/** Which git host a URL is of, where its name says so. */
function hostOf(url: string): (typeof GIT_HOSTS)[number] {
  const [, host] = /^\w+:\/\/(?:[\w-]+@)?([^/:]+)/.exec(url.toLowerCase()) ?? [];
  return GIT_HOSTS.find((known) => host === `${known}.com`) ?? 'none';
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
function accessOf(registry: string): (typeof REGISTRY_ACCESS)[number] {
  return /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\//.test(registry) ? 'aws-role' : 'everybody';
}

/** A platform as a user writes it: what has a default may be left out. */
export type PlatformInput = z.input<typeof platformSchema>;

/** One record of `config/clusters.ts`, as a user writes it. */
export type ClusterInput = PlatformInput['clusters'][number];

/** A platform with every default filled in. */
export type Platform = z.output<typeof platformSchema>;

/** A step of the way to production, with its domain filled in. */
export type Ring = Platform['rings'][number];

/** A step that a person opens. */
export type ApprovalRing = Extract<Ring, { promotion: 'approval' }>;

/** How a cluster is reached: what the platform says, or a ring. */
export type Edge = Platform['edge'];

/** One EKS cluster. */
export type Cluster = Platform['clusters'][number];

/** An app: its subdomain, its settings and what differs by ring. */
export type App = Platform['apps'][string];

/** How an app runs in a ring, with every default filled in. */
export type AppSettings = z.output<typeof settings>;

/** How a new image reaches the users. */
export type Release = AppSettings['release'];

/** How bad the odds of releases may be. */
export type Risk = NonNullable<AppSettings['risk']>;

/** How an app's processes are laid out. */
export type Topology = AppSettings['topology'];

/** The shares of traffic of a canary: even steps, or a list of rising percentages. */
export type Weights = Extract<Release, { strategy: 'canary' }>['weights'];

/**
 * Gives a platform its type, so that an editor shows what may stand where. It checks nothing when it runs: that is done,
 * for all files at once, when the config is loaded.
 */
export function definePlatform(input: PlatformInput): PlatformInput {
  return input;
}
