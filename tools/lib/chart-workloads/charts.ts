// What each chart runs, and where its values say how. To add a chart, give it an entry: the walk says what it lacks.

/** What every workload must be told. A DaemonSet is on each node as it is, and a Job runs once: these need the last two. */
export const ASPECTS = ['replicas', 'disruptionBudget', 'spread', 'resources', 'security'] as const;

/** One of the things that a workload must be told. */
export type Aspect = (typeof ASPECTS)[number];

/** Why the values don't say something. */
export interface Exception {
  /** In words for a reviewer. */
  because: string;
  /** Where they could say it: once they do, the exception is stale. @default the chart has no value for it */
  at?: string;
}

/** One workload of a chart. */
export interface ChartWorkload {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job';
  /** The value that must not be false for it to run. @default it always runs */
  when?: string;
  /**
   * Where the values say each: `controller.resources`. `resources` and `security` may stand in several places, one for each
   * container; of `security`, what the first place lacks may stand in the others, as for a pod and its container.
   */
  replicas?: string | Exception;
  disruptionBudget?: string | Exception;
  spread?: string | Exception;
  resources?: string | readonly string[] | Exception;
  security?: string | readonly string[] | Exception;
}

/** What a chart runs. */
export interface ChartDescription {
  /** Its workloads, by a name for a reader. */
  workloads: Readonly<Record<string, ChartWorkload>>;
  /** Its ServiceAccounts that have a role in AWS, by the role's name, and where the values name them. */
  identities?: Readonly<Record<string, string>>;
}

/** A chart of custom resource definitions and nothing else. */
const NO_WORKLOADS: ChartDescription = { workloads: {} };

/** Every chart that we install, by its own name. */
export const CHARTS: Readonly<Record<string, ChartDescription>> = {
  karpenter: {
    workloads: {
      controller: {
        kind: 'Deployment',
        replicas: 'replicas',
        disruptionBudget: 'podDisruptionBudget',
        spread: 'topologySpreadConstraints',
        resources: 'controller.resources',
        security: { because: 'the template has all of it, with no value that could weaken it' },
      },
    },
    identities: { karpenter: 'serviceAccount.name' },
  },
  'karpenter-crd': NO_WORKLOADS,
  'aws-load-balancer-controller': {
    workloads: {
      controller: {
        kind: 'Deployment',
        replicas: 'replicaCount',
        disruptionBudget: 'podDisruptionBudget',
        spread: 'topologySpreadConstraints',
        resources: 'resources',
        security: 'securityContext',
      },
    },
    identities: { 'aws-load-balancer-controller': 'serviceAccount.name' },
  },
  'metrics-server': {
    workloads: {
      server: {
        kind: 'Deployment',
        replicas: 'replicas',
        disruptionBudget: 'podDisruptionBudget',
        spread: 'topologySpreadConstraints',
        resources: 'resources',
        security: 'securityContext',
      },
    },
  },
  'external-secrets': {
    workloads: {
      controller: {
        kind: 'Deployment',
        replicas: 'replicaCount',
        disruptionBudget: 'podDisruptionBudget',
        spread: 'topologySpreadConstraints',
        resources: 'resources',
        security: 'securityContext',
      },
      webhook: {
        kind: 'Deployment',
        replicas: 'webhook.replicaCount',
        disruptionBudget: 'webhook.podDisruptionBudget',
        spread: 'webhook.topologySpreadConstraints',
        resources: 'webhook.resources',
        security: 'webhook.securityContext',
      },
      certController: {
        kind: 'Deployment',
        replicas: 'certController.replicaCount',
        disruptionBudget: 'certController.podDisruptionBudget',
        spread: 'certController.topologySpreadConstraints',
        resources: 'certController.resources',
        security: 'certController.securityContext',
      },
    },
    identities: { 'external-secrets': 'serviceAccount.name' },
  },
  flagger: {
    workloads: {
      controller: {
        kind: 'Deployment',
        replicas: 'leaderElection.replicaCount',
        disruptionBudget: 'podDisruptionBudget',
        spread: 'affinity',
        resources: 'resources',
        security: 'securityContext.context',
      },
    },
  },
  loadtester: {
    workloads: {
      loadtester: {
        kind: 'Deployment',
        replicas: {
          at: 'replicaCount',
          because: 'its load is asked for again at the next check, and two would double it',
        },
        disruptionBudget: {
          at: 'podDisruptionBudget',
          because: 'of one pod, it would hold up every drain of its node',
        },
        spread: { at: 'affinity', because: 'there is one pod' },
        resources: 'resources',
        security: 'securityContext.context',
      },
    },
  },
};
