import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import type { Construct } from 'constructs';
import { CustomResource } from './custom-resource.ts';
import { alerts } from './web-service/alerts.ts';
import {
  byUsers,
  type Objective,
  type Rate,
  recorded,
  WINDOWS,
  type Window,
} from './web-service/requests.ts';
import type { Settings } from './web-service/settings.ts';

/** One rule of Prometheus: a series to record, or an alert. */
export type Rule = NonNullable<NonNullable<IPrometheusRule['spec']['groups']>[number]['rules']>[number];

/** Has Prometheus count what users got of a service, and say when that is not what its objectives promise. */
export function addObjectives(scope: Construct, settings: Settings): void {
  const { name, namespace } = settings;
  new CustomResource<IPrometheusRule>(scope, 'objectives', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name },
    spec: {
      groups: [
        {
          name: `${namespace}/${name}`,
          // What the alerts count relies on it: a sum over a window is of one value a minute.
          interval: '1m',
          rules: [
            ...rates(settings),
            ...WINDOWS.map((window) => share(settings, window)),
            ...alerts(settings),
          ],
        },
      ],
    },
  });
}

/**
 * Requests a second, and bad ones, over five minutes, for each version. The long windows are sums of these: of a few
 * series, where the mesh has some for every pod, client and status, and new ones with every release.
 */
function rates(settings: Settings): Rule[] {
  const users = byUsers(settings);
  const rate = (metric: string, more = '') =>
    `sum by (namespace, deployment) (rate(${metric}{${users}${more}}[5m]))`;
  const record = (name: Rate, objective: Objective, expr: string): Rule => ({
    record: name,
    labels: { service: settings.name, objective },
    expr,
  });
  // Prometheus 3 writes 500.0 for the 500 of the proxies. @see https://prometheus.io/docs/prometheus/latest/migration/
  const inTime = `, le=~"${settings.objectives.inTimeMilliseconds}([.]0)?"`;
  return [
    record('web_service:requests:rate5m', 'success', rate('response_total')),
    record(
      'web_service:bad_requests:rate5m',
      'success',
      // Where none has failed there is no series of failures.
      `${rate('response_total', ', classification="failure"')}\nor\n0 * ${rate('response_total')}`,
    ),
    // Fewer than above: a request that is broken off before it is answered takes no time.
    record('web_service:requests:rate5m', 'in-time', rate('response_latency_ms_count')),
    record(
      'web_service:bad_requests:rate5m',
      'in-time',
      `${rate('response_latency_ms_count')}\n-\n${rate('response_latency_ms_bucket', inTime)}`,
    ),
  ];
}

/** The share of bad requests over a window, for each objective; none where there were no requests. */
function share(settings: Settings, window: Window): Rule {
  const total = (name: Rate) => {
    const series = recorded(name, settings);
    const summed = window === '5m' ? series : `sum_over_time(${series}[${window}])`;
    return `sum without (deployment) (${summed})`;
  };
  return {
    record: `web_service:bad_requests:ratio_rate${window}`,
    expr: `${total('web_service:bad_requests:rate5m')}\n/\n(${total('web_service:requests:rate5m')} > 0)`,
  };
}
