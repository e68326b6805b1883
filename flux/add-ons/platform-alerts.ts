import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';
import { type Alert, rule } from '../monitoring/alerts/alert.ts';
import { DELIVERY_ALERTS, releaseTakesLong } from '../monitoring/alerts/delivery.ts';
import { EDGE_ALERTS } from '../monitoring/alerts/edge.ts';
import { MESH_ALERTS } from '../monitoring/alerts/mesh.ts';
import { NODE_ALERTS } from '../monitoring/alerts/nodes.ts';
import { PLATFORM_ALERTS } from '../monitoring/alerts/platform.ts';
import { LOG_ALERTS, TRACE_ALERTS } from '../monitoring/alerts/telemetry.ts';
import { KUBE_PROMETHEUS_STACK, MONITORING_NAMESPACE } from './kube-prometheus-stack.ts';

export interface PlatformAlertsProps {
  /** Where the runbooks of docs/runbooks/ can be read: the URL of that folder, without a slash at its end. */
  runbooks: string;
  /** Whether there is something that collects logs. */
  logs: boolean;
  /** Whether there is something that collects traces. */
  traces: boolean;
  /** How long a release of the cluster may take, from the change to its end; 0 where none is judged. */
  longestReleaseSeconds: number;
}

/** Has Prometheus say when something of the platform needs a person. What is of a service, the service says itself. */
export function platformAlerts(props: PlatformAlertsProps): AddOn {
  const { runbooks, logs, traces, longestReleaseSeconds } = props;
  const groups: Readonly<Record<string, readonly Alert[]>> = {
    delivery: [...DELIVERY_ALERTS, releaseTakesLong(longestReleaseSeconds)],
    edge: EDGE_ALERTS,
    mesh: MESH_ALERTS,
    nodes: NODE_ALERTS,
    platform: PLATFORM_ALERTS,
    ...(logs && { logs: LOG_ALERTS }),
    ...(traces && { traces: TRACE_ALERTS }),
  };
  return {
    name: 'platform-alerts',
    namespace: MONITORING_NAMESPACE,
    dependsOn: [KUBE_PROMETHEUS_STACK],
    why: 'Tells people when something of the platform needs them, each time with what to do.',
    objects(scope) {
      for (const [name, alerts] of Object.entries(groups)) {
        new CustomResource<IPrometheusRule>(scope, name, {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'PrometheusRule',
          metadata: { name },
          spec: { groups: [{ name, rules: alerts.map((alert) => rule(alert, runbooks)) }] },
        });
      }
    },
  };
}
