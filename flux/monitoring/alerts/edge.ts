import type { Alert } from './alert.ts';
import { PLATFORM_NAMESPACES } from './platform.ts';

/** Routes of apps: what leads nowhere is nobody's, and who looks at a dashboard sees that it is away. */
const ROUTES = `ingress!="", namespace!~"${PLATFORM_NAMESPACES.join('|')}"`;

/** Requests a second to each route, as the edge counts them. */
const requests = (more = '') =>
  `sum by (namespace, ingress) (rate(nginx_ingress_controller_requests{${ROUTES}${more}}[5m]))`;
const failed = requests(', status=~"5.."');

/** What users get at the edge: also of requests that reach no pod, which no service can count. */
export const EDGE_ALERTS: readonly Alert[] = [
  {
    alert: 'EdgeFailing',
    severity: 'critical',
    // A pace at which a budget of 1 % is spent within a week; and more than one failure in twenty seconds, since at night one
    // error may be half of the traffic.
    // What Flagger judges it rolls back by itself; if the version that users had before fails, WebServiceFailing says so.
    expr: `(
  ${failed} / ${requests()} > 0.05
  and
  ${failed} > 0.05
)
unless on (namespace)
(min_over_time(flagger_canary_status[10m]) == 0)`,
    minutes: 5,
    summary: '{{ $value | humanizePercentage }} of the requests to {{ $labels.ingress }} fail at the edge',
    description:
      'If WebServiceFailing tells the same, the service fails. If it does not, requests do not reach its pods.',
    runbook: 'edge-failing',
  },
  {
    alert: 'EdgeSlow',
    severity: 'warning',
    // The time of slow clients counts here, and does not in the objectives.
    expr: `histogram_quantile(0.99,
  sum by (namespace, ingress, le) (rate(nginx_ingress_controller_request_duration_seconds_bucket{${ROUTES}}[10m]))
) > 5
and
${requests()} > 0.1`,
    minutes: 15,
    summary: 'One in a hundred requests to {{ $labels.ingress }} takes more than {{ $value }} seconds',
    description: 'As the edge sees it, with the way to and from the client.',
    runbook: 'edge-failing',
  },
  {
    alert: 'EdgeNotConfigured',
    severity: 'warning',
    expr: 'min by (pod) (nginx_ingress_controller_config_last_reload_successful) == 0',
    minutes: 10,
    summary: 'The edge does not take its new configuration ({{ $labels.pod }})',
    description: 'Routes stay as they were. A pod that starts now may take none at all.',
    runbook: 'edge-failing',
  },
];
