import { KubeClusterRole } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CoreResource } from '../../charts/custom-resource.ts';
import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import { exceptFromPolicy } from '../../charts/policy-exception.ts';
import type { AddOn } from '../add-on.ts';
import { ExternalSecret } from '../external-secret.ts';
import { ChartSource, HelmRelease, injectedCa } from '../helm-release.ts';
import {
  ALERTS_SECRET,
  type AlertmanagerValues,
  type AlertTarget,
  alertmanagerValues,
} from '../monitoring/alertmanager.ts';
import {
  DASHBOARD_READER,
  GRAFANA_LABELS,
  GRAFANA_PORT,
  type GrafanaValues,
  grafanaValues,
} from '../monitoring/grafana.ts';
import { PROMETHEUS_LABELS, type PrometheusValues, prometheusValues } from '../monitoring/prometheus.ts';
import { RESTRICTED } from '../pod-defaults.ts';
import { CERT_MANAGER } from './cert-manager.ts';
import { PLATFORM_PRIORITY, PRIORITY_CLASSES } from './priority-classes.ts';
import { SECRET_STORES, SECRETS_MANAGER_STORE } from './secret-stores.ts';
import { STORAGE } from './storage.ts';

export interface KubePrometheusStackProps {
  version: string;
  /** The cluster's name, which each alert carries. */
  cluster: string;
  isHighlyAvailable: boolean;
  network: ClusterNetwork;
  /** Where people are told of alerts. @default nowhere: they stay in Alertmanager */
  alerts?: AlertTarget | undefined;
  /** Grafana, and where it is reached from outside. @default there is none */
  grafana?: { host?: string | undefined } | undefined;
  /** The namespaces whose pods ask Prometheus. */
  askedBy: readonly string[];
  /** The namespace of the controller that sends people to Grafana. */
  edgeNamespace: string;
}

/** The name of the add-on, for all that has something to be read or told. */
export const KUBE_PROMETHEUS_STACK = 'kube-prometheus-stack';

/** The namespace of Prometheus, and of what is read and told for the platform. */
export const MONITORING_NAMESPACE = 'monitoring';

/** Where Prometheus answers. */
export const PROMETHEUS_URL = `http://${KUBE_PROMETHEUS_STACK}-prometheus.${MONITORING_NAMESPACE}.svc.cluster.local:9090`;

/** Its one part that must see the node: apart, so that all others are held to restricted pods. */
const NODE_EXPORTER_NAMESPACE = 'node-exporter';

/** @see https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml */
interface KubePrometheusStackValues {
  defaultRules: { rules: Record<string, false>; disabled: Record<string, true> };
  prometheus: PrometheusValues;
  alertmanager: AlertmanagerValues;
  grafana: GrafanaValues;
  kubeApiServer: { serviceMonitor: { metricRelabelings: readonly object[] } };
  kubeControllerManager: { enabled: false };
  kubeEtcd: { enabled: false };
  kubeScheduler: { enabled: false };
  kubeProxy: { enabled: false };
  nodeExporter: { operatingSystems: Record<'aix' | 'darwin', { enabled: false }> };
  'kube-state-metrics': {
    metricLabelsAllowlist: readonly string[];
    collectorsExclude: readonly string[];
    priorityClassName: string;
    resources: object;
  };
  'prometheus-node-exporter': {
    namespaceOverride: string;
    priorityClassName: string;
    tolerations: readonly object[];
    containerSecurityContext: object;
    resources: object;
  };
  prometheusOperator: {
    admissionWebhooks: { certManager: { enabled: true } };
    priorityClassName: string;
    resources: object;
    prometheusConfigReloader: { resources: object };
  };
}

/**
 * Prometheus, Alertmanager and Grafana, with what tells of nodes and of Kubernetes' objects. It owns the CRDs by which
 * everybody else says what is to be read and told.
 */
export function kubePrometheusStack(props: KubePrometheusStackProps): AddOn {
  const { version, cluster, isHighlyAvailable, network, alerts, grafana } = props;
  return {
    name: KUBE_PROMETHEUS_STACK,
    namespace: MONITORING_NAMESPACE,
    dependsOn: [PRIORITY_CLASSES, CERT_MANAGER, STORAGE, ...(alerts ? [SECRET_STORES] : [])],
    startMinutes: 15,
    why: 'Measures everything, judges releases by it, tells people of trouble, and shows it.',
    ...(alerts && {
      needs: 'the secret alerts of the cluster in Secrets Manager, with the address to tell at',
    }),
    costs: isHighlyAvailable ? 'two volumes of 150 GiB' : 'a volume of 30 GiB',
    charts: [KUBE_PROMETHEUS_STACK],
    installs: ['monitoring.coreos.com'],
    sources(scope) {
      new ChartSource(scope, KUBE_PROMETHEUS_STACK, {
        url: 'oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack',
        version,
      });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: MONITORING_NAMESPACE,
        network,
        metrics: [PORTS.prometheus, PORTS.reloader, PORTS.alertmanager, PORTS.grafana, PORTS.operator],
        ...traffic(props),
      });
      const { namespace } = new PlatformNamespace(scope, 'node-exporter', {
        name: NODE_EXPORTER_NAMESPACE,
        network,
        podSecurity: 'privileged',
      });
      exceptFromPolicy(
        namespace,
        'pod-security',
        'node-exporter reads the processes, disks and cards of its node',
      );
      if (alerts) {
        new ExternalSecret(scope, ALERTS_SECRET, {
          store: SECRETS_MANAGER_STORE,
          remoteKey: `${cluster}/platform/alerts`,
        });
      }
      if (grafana) {
        clusterScoped(
          new CoreResource(scope, DASHBOARD_READER, KubeClusterRole, {
            metadata: { name: DASHBOARD_READER },
            rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }],
          }),
        );
      }
      new HelmRelease<KubePrometheusStackValues>(scope, KUBE_PROMETHEUS_STACK, {
        chart: { source: KUBE_PROMETHEUS_STACK },
        // Volumes are made first, and what is started waits for a node.
        timeoutMinutes: 10,
        writtenByOthers: [
          injectedCa('MutatingWebhookConfiguration'),
          injectedCa('ValidatingWebhookConfiguration', 2),
        ],
        values: {
          defaultRules: DEFAULT_RULES,
          prometheus: prometheusValues(cluster, isHighlyAvailable),
          alertmanager: alertmanagerValues(alerts, isHighlyAvailable),
          grafana: grafana ? grafanaValues({ ...grafana, isHighlyAvailable }) : { enabled: false },
          ...EXPORTERS,
          prometheusOperator: {
            // Else two Jobs make a certificate that nobody renews.
            admissionWebhooks: { certManager: { enabled: true } },
            priorityClassName: PLATFORM_PRIORITY,
            resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '256Mi' } },
            prometheusConfigReloader: {
              resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
            },
          },
        },
      });
    },
  };
}

/** Ports of pods. kube-state-metrics and what has Prometheus read its settings again share one number. */
const PORTS = {
  prometheus: 9090,
  reloader: 8080,
  alertmanager: 9093,
  gossip: 9094,
  grafana: GRAFANA_PORT,
  operator: 10250,
} as const;

const ALERTMANAGER_LABELS = { 'app.kubernetes.io/name': 'alertmanager' };

/** Who may call whom here. */
function traffic({ network, alerts, grafana, askedBy, edgeNamespace }: KubePrometheusStackProps) {
  const own = (labels: Readonly<Record<string, string>>) => ({ namespace: MONITORING_NAMESPACE, labels });
  const prometheus = own(PROMETHEUS_LABELS);
  const viewers = grafana ? [own(GRAFANA_LABELS)] : [];
  return {
    ingress: [
      {
        pods: PROMETHEUS_LABELS,
        peers: [...viewers, ...askedBy.map((namespace) => ({ namespace }))],
        ports: [PORTS.prometheus],
      },
      { pods: ALERTMANAGER_LABELS, peers: [prometheus, ...viewers], ports: [PORTS.alertmanager] },
      {
        pods: ALERTMANAGER_LABELS,
        peers: [own(ALERTMANAGER_LABELS)],
        ports: [PORTS.gossip],
        udp: [PORTS.gossip],
      },
      // The API server asks whether a rule is one.
      {
        pods: { app: `${KUBE_PROMETHEUS_STACK}-operator` },
        peers: network.apiServer.map((cidr) => ({ cidr })),
        ports: [PORTS.operator],
      },
      ...(grafana?.host === undefined
        ? []
        : [{ pods: GRAFANA_LABELS, peers: [{ namespace: edgeNamespace }], ports: [PORTS.grafana] }]),
    ],
    egress: [
      // What it reads, and at which port, is said by whoever is read, and so is whether it may.
      {
        pods: PROMETHEUS_LABELS,
        peers: ['every pod' as const, { cidr: network.vpc }],
        ports: 'all' as const,
      },
      {
        pods: ALERTMANAGER_LABELS,
        peers: [own(ALERTMANAGER_LABELS)],
        ports: [PORTS.gossip],
        udp: [PORTS.gossip],
      },
      ...(alerts ? [{ pods: ALERTMANAGER_LABELS, ports: [443] }] : []),
      ...(grafana
        ? [
            {
              pods: GRAFANA_LABELS,
              peers: [prometheus, own(ALERTMANAGER_LABELS)],
              ports: [PORTS.prometheus, PORTS.alertmanager],
            },
          ]
        : []),
    ],
  };
}

/** What the chart brings of its own: kept, but for what nobody here can see or mend, and what ours say better. */
const DEFAULT_RULES: KubePrometheusStackValues['defaultRules'] = {
  rules: {
    // EKS runs these, and shows none of them.
    etcd: false,
    kubeControllerManager: false,
    kubeSchedulerAlerting: false,
    kubeSchedulerRecording: false,
    // It tells on its node alone.
    kubeProxy: false,
    // EKS keeps promises of its own for the API server; to watch them takes more series than all else together.
    kubeApiserverAvailability: false,
    kubeApiserverBurnrate: false,
    kubeApiserverHistogram: false,
    kubeApiserverSlos: false,
    windows: false,
  },
  disabled: {
    // Ours, with runbooks of this platform: PodCrashLooping, NodeNotReady, VolumeFillingUp, VolumeFull.
    KubePodCrashLooping: true,
    KubeNodeNotReady: true,
    KubePersistentVolumeFillingUp: true,
    // Nodes are full by design, and Karpenter adds more.
    KubeCPUOvercommit: true,
    KubeMemoryOvercommit: true,
    KubeCPUQuotaOvercommit: true,
    KubeMemoryQuotaOvercommit: true,
    NodeMemoryHighUtilization: true,
    CPUThrottlingHigh: true,
    // Karpenter comes and goes with nodes.
    KubeNodeReadinessFlapping: true,
  },
};

/** What tells of Kubernetes and of nodes. */
const EXPORTERS = {
  kubeApiServer: {
    serviceMonitor: {
      metricRelabelings: [
        {
          action: 'drop',
          sourceLabels: ['__name__'],
          regex:
            '(apiserver_(admission|flowcontrol|request|response|storage|watch)|etcd|workqueue)_.+_bucket',
        },
      ],
    },
  },
  kubeControllerManager: { enabled: false },
  kubeEtcd: { enabled: false },
  kubeScheduler: { enabled: false },
  kubeProxy: { enabled: false },
  // Dashboards of nodes that we have none of.
  nodeExporter: { operatingSystems: { aix: { enabled: false }, darwin: { enabled: false } } },
  'kube-state-metrics': {
    // What a node is, for the nodes' dashboard.
    metricLabelsAllowlist: [
      'nodes=[karpenter.sh/nodepool,karpenter.sh/capacity-type,kubernetes.io/arch,node.kubernetes.io/instance-type,topology.kubernetes.io/zone]',
    ],
    // To count them it would have to be let read them.
    collectorsExclude: ['secrets', 'configmaps'],
    priorityClassName: PLATFORM_PRIORITY,
    resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '384Mi' } },
  },
  'prometheus-node-exporter': {
    namespaceOverride: NODE_EXPORTER_NAMESPACE,
    // A node that is full must be seen too.
    priorityClassName: 'system-node-critical',
    tolerations: [{ operator: 'Exists' }],
    containerSecurityContext: RESTRICTED,
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '96Mi' } },
  },
} as const satisfies Partial<KubePrometheusStackValues>;
