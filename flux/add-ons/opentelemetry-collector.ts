import { IntOrString, KubeService } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { CoreResource } from '../../charts/custom-resource.ts';
import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';
import { COLLECTOR_PORTS, type CollectorConfig, collectorConfig } from '../monitoring/collector-config.ts';
import { RESTRICTED, spread } from '../pod-defaults.ts';
import { LINKERD_CONTROL_PLANE } from './linkerd-control-plane.ts';
import { PLATFORM_PRIORITY, PRIORITY_CLASSES } from './priority-classes.ts';

export interface OpenTelemetryCollectorProps {
  version: string;
  region: string;
  isHighlyAvailable: boolean;
  network: ClusterNetwork;
  /** The namespaces whose pods send traces. */
  senders: readonly string[];
}

/** The name of the add-on, its chart, its Service and its ServiceAccount. */
export const OPENTELEMETRY_COLLECTOR = 'opentelemetry-collector';

/** Its namespace. */
export const COLLECTOR_NAMESPACE = 'opentelemetry';

/** Where pods send to by OTLP over HTTP. */
export const COLLECTOR_URL = `http://${OPENTELEMETRY_COLLECTOR}.${COLLECTOR_NAMESPACE}.svc.cluster.local:${COLLECTOR_PORTS.http}`;

/** What its pods are known by. */
const LABELS = { 'app.kubernetes.io/name': OPENTELEMETRY_COLLECTOR };

/** The Service by which collectors find each other. */
const PEERS = `${OPENTELEMETRY_COLLECTOR}-peers`;

/** @see https://github.com/open-telemetry/opentelemetry-helm-charts/blob/main/charts/opentelemetry-collector/values.yaml */
interface OpenTelemetryCollectorValues {
  mode: 'deployment';
  serviceAccount: { name: string };
  image: { repository: string };
  alternateConfig: CollectorConfig;
  ports: Record<string, object>;
  podAnnotations: Record<string, string>;
  replicaCount: number;
  priorityClassName: string;
  podDisruptionBudget: { enabled: boolean; maxUnavailable: number };
  topologySpreadConstraints: object[];
  securityContext: object;
  resources: object;
}

const port = (containerPort: number) => ({
  enabled: true,
  containerPort,
  servicePort: containerPort,
  protocol: 'TCP',
});

/** Takes traces from pods, keeps those that tell something and sends them to X-Ray. */
export function openTelemetryCollector(props: OpenTelemetryCollectorProps): AddOn {
  const { version, region, isHighlyAvailable, network, senders } = props;
  const { grpc, http, peers, own, spans } = COLLECTOR_PORTS;
  return {
    name: OPENTELEMETRY_COLLECTOR,
    namespace: COLLECTOR_NAMESPACE,
    dependsOn: [PRIORITY_CLASSES, LINKERD_CONTROL_PLANE],
    why: 'Takes traces from services, and sends those that tell something to X-Ray.',
    needs: 'a role in AWS',
    costs: '5 USD for each million traces that are kept',
    charts: [OPENTELEMETRY_COLLECTOR],
    sources(scope) {
      new ChartRepository(scope, OPENTELEMETRY_COLLECTOR, {
        url: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
      });
    },
    objects(scope) {
      const self = { namespace: COLLECTOR_NAMESPACE };
      new PlatformNamespace(scope, 'namespace', {
        name: COLLECTOR_NAMESPACE,
        network,
        ingress: [
          { pods: LABELS, peers: senders.map((namespace) => ({ namespace })), ports: [grpc, http] },
          { pods: LABELS, peers: [self], ports: [peers] },
        ],
        egress: [
          { pods: LABELS, peers: [self], ports: [peers] },
          // X-Ray.
          { pods: LABELS, ports: [443] },
        ],
        metrics: [own, spans],
      });
      // One address for each pod, where a Service has one for all.
      new CoreResource(scope, 'peers', KubeService, {
        metadata: { name: PEERS },
        spec: {
          clusterIp: 'None',
          selector: LABELS,
          ports: [{ name: 'grpc-peers', port: peers, targetPort: IntOrString.fromNumber(peers) }],
        },
      });
      new HelmRelease<OpenTelemetryCollectorValues>(scope, OPENTELEMETRY_COLLECTOR, {
        chart: { repository: OPENTELEMETRY_COLLECTOR, name: OPENTELEMETRY_COLLECTOR, version },
        values: {
          mode: 'deployment',
          // The one that has the role.
          serviceAccount: { name: OPENTELEMETRY_COLLECTOR },
          // The one that has an exporter for X-Ray.
          image: {
            repository:
              'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib',
          },
          // In place of the chart's own, which opens ports that nobody here asks for.
          alternateConfig: collectorConfig({
            region,
            peers: isHighlyAvailable ? `${PEERS}.${COLLECTOR_NAMESPACE}.svc.cluster.local` : undefined,
          }),
          ports: {
            otlp: { enabled: true },
            'otlp-http': { enabled: true },
            ...Object.fromEntries(
              ['jaeger-compact', 'jaeger-thrift', 'jaeger-grpc', 'zipkin'].map((name) => [
                name,
                { enabled: false },
              ]),
            ),
            metrics: port(own),
            spans: port(spans),
          },
          // What users asked for is in the traces: it goes no way in plain text.
          podAnnotations: { 'linkerd.io/inject': 'enabled' },
          replicaCount: isHighlyAvailable ? 2 : 1,
          priorityClassName: PLATFORM_PRIORITY,
          podDisruptionBudget: { enabled: isHighlyAvailable, maxUnavailable: 1 },
          topologySpreadConstraints: spread(LABELS),
          securityContext: { ...RESTRICTED, runAsUser: 10001, runAsGroup: 10001 },
          resources: isHighlyAvailable
            ? { requests: { cpu: '100m', memory: '512Mi' }, limits: { memory: '1Gi' } }
            : { requests: { cpu: '20m', memory: '192Mi' }, limits: { memory: '384Mi' } },
        },
      });
    },
  };
}
