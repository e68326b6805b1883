import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { IMetricTemplate } from '../../charts/flagger-types.ts';
import type { AddOn } from '../add-on.ts';
import { FLAGGER_NAMESPACE, LOAD_TESTER_IDENTITY } from './flagger.ts';
import { KUBE_PROMETHEUS_STACK } from './kube-prometheus-stack.ts';
import { MESH_METRICS } from './mesh-metrics.ts';

export interface FlaggerMetricsProps {
  /** The Prometheus that scrapes the mesh's proxies. */
  prometheusUrl: string;
}

/** The name of the add-on, for those whose canaries are judged by it. */
export const FLAGGER_METRICS = 'flagger-metrics';

/** The templates' names, for the canaries that measure with them. */
export const METRIC_TEMPLATES = {
  namespace: FLAGGER_NAMESPACE,
  successRate: 'linkerd-success-rate',
  p99: 'linkerd-p99',
} as const;

/**
 * The requests that count: those that arrive at the target's port for users. Probes arrive at another port.
 * Flagger fills in the braces; `port` is the canary's own variable.
 *
 * @see https://linkerd.io/2-edge/reference/proxy-metrics/
 */
const ARRIVED = [
  'namespace="{{ namespace }}"',
  'deployment="{{ target }}"',
  'direction="inbound"',
  'target_port="{{ variables.port }}"',
].join(', ');

const BY_USERS = `${ARRIVED}, client_id!="${LOAD_TESTER_IDENTITY}"`;
const BY_LOAD_TESTER = `${ARRIVED}, client_id="${LOAD_TESTER_IDENTITY}"`;

/**
 * Percent of the requests that the mesh counted as successful; no value where there were none. Where all failed there is
 * no series of successes, so their number must be given.
 */
const successRate = (who: string) => `100
* (sum(rate(response_total{${who}, classification="success"}[{{ interval }}])) or vector(0))
/ (sum(rate(response_total{${who}}[{{ interval }}])) > 0)`;

/** The time in milliseconds within which 99 of 100 requests were answered; no value, and not NaN, where there were none. */
const p99 = (who: string) => `(histogram_quantile(0.99,
sum by (le) (rate(response_latency_ms_bucket{${who}}[{{ interval }}]))) >= 0)`;

/**
 * The worse of what users and the load tester found. Apart, since the requests of the one would hide what only the other's
 * show: the load tester sends many more to a version that few users are on, and all of them are alike. Where users sent
 * none, the load tester's number stands alone, so that a check is not empty.
 *
 * @param worse picks it
 */
function worseOf(worse: 'min' | 'max', query: (who: string) => string): string {
  // A label of its own keeps `or` from taking the two numbers for one.
  return `${worse}(
${query(BY_USERS)}
or label_replace(
${query(BY_LOAD_TESTER)},
"by", "load-tester", "", ""))
`;
}

/**
 * What a canary is measured by, and how it is seen from outside. Flagger's built-in metrics don't read the mesh's numbers with
 * the Gateway API as its provider, so we bring our own. Apart from Flagger, since these are of a kind that Flagger's chart
 * brings.
 */
export function flaggerMetrics({ prometheusUrl }: FlaggerMetricsProps): AddOn {
  const template = (name: string, query: string): IMetricTemplate => ({
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name },
    spec: { provider: { type: 'prometheus', address: prometheusUrl }, query },
  });
  return {
    name: FLAGGER_METRICS,
    namespace: FLAGGER_NAMESPACE,
    // What nobody scrapes can't be asked for.
    dependsOn: ['flagger', KUBE_PROMETHEUS_STACK, MESH_METRICS],
    why: 'The questions that a release is judged by: its success rate and its P99.',
    objects(scope) {
      for (const [name, query] of [
        [METRIC_TEMPLATES.successRate, worseOf('min', successRate)],
        [METRIC_TEMPLATES.p99, worseOf('max', p99)],
      ] as const) {
        new CustomResource<IMetricTemplate>(scope, name, template(name, query));
      }
      new CustomResource<IPodMonitor>(scope, 'monitor', {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PodMonitor',
        metadata: { name: FLAGGER_METRICS },
        spec: {
          selector: { matchLabels: { 'app.kubernetes.io/name': 'flagger' } },
          podMetricsEndpoints: [
            {
              port: 'http',
              // Else "namespace" would be Flagger's own instead of the canary's.
              honorLabels: true,
              // As often as the mesh is read: a step of a release may take no longer than two readings.
              interval: '10s',
            },
          ],
        },
      });
    },
  };
}
