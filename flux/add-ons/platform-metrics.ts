import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import type { IServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';
import { FLUENT_BIT, LOGGING_NAMESPACE } from './fluent-bit.ts';
import { KUBE_PROMETHEUS_STACK, MONITORING_NAMESPACE } from './kube-prometheus-stack.ts';
import { COLLECTOR_NAMESPACE, OPENTELEMETRY_COLLECTOR } from './opentelemetry-collector.ts';

/** The name of the add-on. */
export const PLATFORM_METRICS = 'platform-metrics';

/** Pods of the platform that tell something, as their chart labels them and names their ports. */
interface Exporter {
  namespace: string;
  selector: IPodMonitor['spec']['selector'];
  ports: readonly [string, ...string[]];
  /** Whether `namespace` is that of what is told of, and not that of the pod. @default false */
  tellsOfOthers?: true;
}

const named = (name: string) => ({ matchLabels: { 'app.kubernetes.io/name': name } });

export interface PlatformMetricsProps {
  /** Whether there is something that collects logs. */
  logs: boolean;
  /** Whether there is something that collects traces. */
  traces: boolean;
}

/** By the name of the monitor; each with where its labels and ports are said. */
const EXPORTERS: Readonly<Record<string, Exporter>> = {
  // https://github.com/controlplaneio-fluxcd/charts/blob/main/charts/flux-operator/templates/deployment.yaml
  'flux-operator': {
    namespace: 'flux-system',
    selector: named('flux-operator'),
    ports: ['http-metrics'],
  },
  // https://fluxcd.io/flux/monitoring/metrics/
  flux: {
    namespace: 'flux-system',
    selector: {
      matchExpressions: [
        {
          key: 'app',
          operator: 'In',
          values: [
            'source-controller',
            'kustomize-controller',
            'helm-controller',
            'notification-controller',
            'image-reflector-controller',
            'image-automation-controller',
          ],
        },
      ],
    },
    ports: ['http-prom'],
  },
  // https://github.com/aws/karpenter-provider-aws/blob/main/charts/karpenter/templates/deployment.yaml
  karpenter: { namespace: 'karpenter', selector: named('karpenter'), ports: ['http-metrics'] },
  // https://github.com/kubernetes/ingress-nginx/blob/main/charts/ingress-nginx/templates/controller-deployment.yaml
  'ingress-nginx': {
    namespace: 'ingress-nginx',
    selector: {
      matchLabels: {
        'app.kubernetes.io/name': 'ingress-nginx',
        'app.kubernetes.io/component': 'controller',
      },
    },
    ports: ['metrics'],
    tellsOfOthers: true,
  },
  // https://github.com/cert-manager/cert-manager/blob/master/deploy/charts/cert-manager/templates/podmonitor.yaml
  'cert-manager': {
    namespace: 'cert-manager',
    selector: named('cert-manager'),
    ports: ['http-metrics'],
    tellsOfOthers: true,
  },
  // https://github.com/external-secrets/external-secrets/blob/main/deploy/charts/external-secrets/templates/deployment.yaml
  'external-secrets': {
    namespace: 'external-secrets',
    selector: named('external-secrets'),
    ports: ['metrics'],
    tellsOfOthers: true,
  },
  // https://github.com/linkerd/linkerd2/tree/main/charts/linkerd-control-plane/templates
  'linkerd-control-plane': {
    namespace: 'linkerd',
    selector: { matchExpressions: [{ key: 'linkerd.io/control-plane-component', operator: 'Exists' }] },
    ports: ['injector-admin'],
  },
};

// https://github.com/open-telemetry/opentelemetry-helm-charts/blob/main/charts/opentelemetry-collector/templates/_pod.tpl
const COLLECTOR: Exporter = {
  namespace: COLLECTOR_NAMESPACE,
  selector: named(OPENTELEMETRY_COLLECTOR),
  ports: ['metrics', 'spans'],
};

/**
 * Has Prometheus read the platform's own controllers, where an alert or a dashboard asks for what they tell.
 *
 * Not by their charts' own monitors: those would have each of them wait for Prometheus, and some of them come before it.
 */
export function platformMetrics({ logs, traces }: PlatformMetricsProps): AddOn {
  const exporters = { ...EXPORTERS, ...(traces && { [OPENTELEMETRY_COLLECTOR]: COLLECTOR }) };
  return {
    name: PLATFORM_METRICS,
    namespace: MONITORING_NAMESPACE,
    dependsOn: [KUBE_PROMETHEUS_STACK],
    why: "Has Prometheus read the platform's own controllers.",
    objects(scope) {
      for (const [name, { namespace, selector, ports, tellsOfOthers }] of Object.entries(exporters)) {
        new CustomResource<IPodMonitor>(scope, name, {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'PodMonitor',
          metadata: { name },
          spec: {
            namespaceSelector: { matchNames: [namespace] },
            selector,
            podMetricsEndpoints: ports.map((port) => ({ port, ...(tellsOfOthers && { honorLabels: true }) })),
          },
        });
      }
      // Its chart names no port of its pods, so that only its Service leads to one.
      if (logs) {
        new CustomResource<IServiceMonitor>(scope, FLUENT_BIT, {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'ServiceMonitor',
          metadata: { name: FLUENT_BIT },
          spec: {
            namespaceSelector: { matchNames: [LOGGING_NAMESPACE] },
            selector: { matchLabels: { 'app.kubernetes.io/instance': FLUENT_BIT } },
            endpoints: [{ port: 'monitor-agent', path: '/api/v2/metrics/prometheus' }],
          },
        });
      }
    },
  };
}
