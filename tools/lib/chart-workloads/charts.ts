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

const BY_DEFAULT = 'the chart has all of it by default';

/** What Linkerd's charts say once for all of their Deployments. */
const OF_LINKERD = {
  disruptionBudget: 'enablePodDisruptionBudget',
  spread: 'enablePodAntiAffinity',
  security: { because: 'the templates have all of it, with no value that could weaken it' },
};

const LINKERD_CONTROL = { ...OF_LINKERD, replicas: 'controllerReplicas' };

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
  'kube-prometheus-stack': {
    workloads: {
      prometheus: {
        kind: 'StatefulSet',
        replicas: 'prometheus.prometheusSpec.replicas',
        disruptionBudget: 'prometheus.podDisruptionBudget',
        spread: 'prometheus.prometheusSpec.topologySpreadConstraints',
        resources: 'prometheus.prometheusSpec.resources',
        security: { because: 'the chart gives it to the pod, and the operator to each container' },
      },
      alertmanager: {
        kind: 'StatefulSet',
        replicas: 'alertmanager.alertmanagerSpec.replicas',
        disruptionBudget: 'alertmanager.podDisruptionBudget',
        spread: 'alertmanager.alertmanagerSpec.topologySpreadConstraints',
        resources: 'alertmanager.alertmanagerSpec.resources',
        security: { because: 'the chart gives it to the pod, and the operator to each container' },
      },
      grafana: {
        kind: 'Deployment',
        when: 'grafana.enabled',
        replicas: 'grafana.replicas',
        disruptionBudget: 'grafana.podDisruptionBudget',
        spread: 'grafana.topologySpreadConstraints',
        resources: ['grafana.resources', 'grafana.sidecar.resources'],
        security: ['grafana.containerSecurityContext', 'grafana.sidecar.securityContext'],
      },
      operator: {
        kind: 'Deployment',
        replicas: { because: 'the chart runs one; what it made works on while it is away' },
        disruptionBudget: {
          at: 'prometheusOperator.podDisruptionBudget',
          because: 'of one pod, it would hold up every drain of its node',
        },
        spread: { because: 'there is one pod' },
        resources: ['prometheusOperator.resources', 'prometheusOperator.prometheusConfigReloader.resources'],
        security: { because: "the chart's own values have all of it" },
      },
      'kube-state-metrics': {
        kind: 'Deployment',
        replicas: { at: 'kube-state-metrics.replicas', because: 'two would tell everything twice' },
        disruptionBudget: {
          at: 'kube-state-metrics.podDisruptionBudget',
          because: 'of one pod, it would hold up every drain of its node',
        },
        spread: { at: 'kube-state-metrics.topologySpreadConstraints', because: 'there is one pod' },
        resources: 'kube-state-metrics.resources',
        security: { because: "the chart's own values have all of it" },
      },
      'node-exporter': {
        kind: 'DaemonSet',
        resources: 'prometheus-node-exporter.resources',
        security: 'prometheus-node-exporter.containerSecurityContext',
      },
    },
  },
  'opentelemetry-collector': {
    workloads: {
      collector: {
        kind: 'Deployment',
        replicas: 'replicaCount',
        disruptionBudget: 'podDisruptionBudget',
        spread: 'topologySpreadConstraints',
        resources: 'resources',
        security: 'securityContext',
      },
    },
    identities: { 'opentelemetry-collector': 'serviceAccount.name' },
  },
  'aws-for-fluent-bit': {
    workloads: {
      agent: {
        kind: 'DaemonSet',
        resources: 'resources',
        security: { at: 'containerSecurityContext', because: "the logs of a node are its root's" },
      },
    },
    identities: { 'fluent-bit': 'serviceAccount.name' },
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
  'cert-manager': {
    workloads: {
      controller: {
        kind: 'Deployment',
        replicas: 'replicaCount',
        disruptionBudget: 'podDisruptionBudget',
        spread: 'topologySpreadConstraints',
        resources: 'resources',
        security: { at: 'containerSecurityContext', because: BY_DEFAULT },
      },
      webhook: {
        kind: 'Deployment',
        replicas: 'webhook.replicaCount',
        disruptionBudget: 'webhook.podDisruptionBudget',
        spread: 'webhook.topologySpreadConstraints',
        resources: 'webhook.resources',
        security: { at: 'webhook.containerSecurityContext', because: BY_DEFAULT },
      },
      cainjector: {
        kind: 'Deployment',
        replicas: 'cainjector.replicaCount',
        disruptionBudget: 'cainjector.podDisruptionBudget',
        spread: 'cainjector.topologySpreadConstraints',
        resources: 'cainjector.resources',
        security: { at: 'cainjector.containerSecurityContext', because: BY_DEFAULT },
      },
      startupapicheck: {
        kind: 'Job',
        when: 'startupapicheck.enabled',
        resources: 'startupapicheck.resources',
        security: { at: 'startupapicheck.containerSecurityContext', because: BY_DEFAULT },
      },
    },
    identities: { 'cert-manager': 'serviceAccount.name' },
  },
  'trust-manager': {
    workloads: {
      controller: {
        kind: 'Deployment',
        replicas: 'replicaCount',
        disruptionBudget: 'podDisruptionBudget',
        spread: 'topologySpreadConstraints',
        resources: 'resources',
        security: { at: 'app.securityContext', because: BY_DEFAULT },
      },
    },
  },
  'linkerd-crds': NO_WORKLOADS,
  'linkerd2-cni': {
    workloads: {
      plugin: {
        kind: 'DaemonSet',
        resources: ['resources', 'repairController.resources'],
        security: {
          because:
            'it writes the network configuration of its node as root; the template holds the rest of it in',
        },
      },
    },
  },
  'linkerd-control-plane': {
    workloads: {
      destination: {
        kind: 'Deployment',
        ...LINKERD_CONTROL,
        resources: [
          'destinationResources',
          'spValidatorResources',
          'policyController.resources',
          'proxy.resources',
        ],
      },
      identity: {
        kind: 'Deployment',
        ...LINKERD_CONTROL,
        resources: ['identityResources', 'proxy.resources'],
      },
      proxyInjector: {
        kind: 'Deployment',
        ...LINKERD_CONTROL,
        resources: ['proxyInjectorResources', 'proxy.resources'],
      },
    },
  },
  'linkerd-viz': {
    workloads: Object.fromEntries(
      ['dashboard', 'metricsAPI', 'tap', 'tapInjector'].map((part): [string, ChartWorkload] => [
        part,
        {
          kind: 'Deployment',
          ...OF_LINKERD,
          replicas: `${part}.replicas`,
          resources: `${part}.resources`,
        },
      ]),
    ),
  },
  'ingress-nginx': {
    workloads: {
      controller: {
        kind: 'Deployment',
        replicas: 'controller.replicaCount',
        disruptionBudget: {
          at: 'controller.maxUnavailable',
          because: 'the chart makes one as soon as there are two pods, which keeps one of them',
        },
        spread: 'controller.topologySpreadConstraints',
        resources: 'controller.resources',
        security: {
          at: 'controller.image',
          because:
            'nginx writes its configuration below its root and listens on low ports; all else is set by default',
        },
      },
      admissionCreate: {
        kind: 'Job',
        resources: 'controller.admissionWebhooks.createSecretJob.resources',
        security: { at: 'controller.admissionWebhooks.createSecretJob.securityContext', because: BY_DEFAULT },
      },
      admissionPatch: {
        kind: 'Job',
        resources: 'controller.admissionWebhooks.patchWebhookJob.resources',
        security: { at: 'controller.admissionWebhooks.patchWebhookJob.securityContext', because: BY_DEFAULT },
      },
    },
  },
  'external-dns': {
    workloads: {
      controller: {
        kind: 'Deployment',
        replicas: {
          because:
            'two would write the same records one after the other; names go on to answer while it is away',
        },
        disruptionBudget: { because: 'of one pod, it would hold up every drain of its node' },
        spread: { at: 'topologySpreadConstraints', because: 'there is one pod' },
        resources: 'resources',
        security: 'securityContext',
      },
    },
    identities: { 'external-dns': 'serviceAccount.name' },
  },
  'oauth2-proxy': {
    workloads: {
      proxy: {
        kind: 'Deployment',
        replicas: 'replicaCount',
        disruptionBudget: {
          at: 'podDisruptionBudget',
          because: 'the chart makes one as soon as there are two pods, which keeps one of them',
        },
        spread: 'topologySpreadConstraints',
        resources: 'resources',
        security: 'securityContext',
      },
    },
  },
};
