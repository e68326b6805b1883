import { CustomResource } from '../../charts/custom-resource.ts';
import type { IMetricTemplate } from '../../charts/flagger-types.ts';
import type { AddOn } from '../add-on.ts';
import { FLAGGER_NAMESPACE } from './flagger.ts';

export interface FlaggerMetricsProps {
  /** The Prometheus that scrapes the mesh's proxies. */
  prometheusUrl: string;
}

/** The templates' names, for the canaries that measure with them. */
export const METRIC_TEMPLATES = {
  namespace: FLAGGER_NAMESPACE,
  successRate: 'linkerd-success-rate',
  p99: 'linkerd-p99',
} as const;

/**
 * The requests that count: those that arrive at the target's port for users. Probes arrive at another port.
 * Flagger fills in the braces; `port` is the canary's own variable.
 */
const SELECTED = [
  'namespace="{{ namespace }}"',
  'deployment="{{ target }}"',
  'direction="inbound"',
  'target_port="{{ variables.port }}"',
].join(', ');

/** Percent of the requests that the mesh counted as successful. */
const SUCCESS_RATE = `100
* sum(rate(response_total{${SELECTED}, classification="success"}[{{ interval }}]))
/ sum(rate(response_total{${SELECTED}}[{{ interval }}]))
`;

/** The time in milliseconds within which 99 of 100 requests were answered. */
const P99 = `histogram_quantile(0.99,
  sum by (le) (rate(response_latency_ms_bucket{${SELECTED}}[{{ interval }}])))
`;

/**
 * What a canary is measured by. Flagger's built-in metrics don't read the mesh's numbers with the Gateway API as
 * its provider, so we bring our own. Apart from Flagger, since these are of a kind that Flagger's chart brings.
 */
export function flaggerMetrics({ prometheusUrl }: FlaggerMetricsProps): AddOn {
  const template = (name: string, query: string): IMetricTemplate => ({
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name },
    spec: { provider: { type: 'prometheus', address: prometheusUrl }, query },
  });
  return {
    name: 'flagger-metrics',
    namespace: FLAGGER_NAMESPACE,
    dependsOn: ['flagger'],
    objects(scope) {
      for (const [name, query] of [
        [METRIC_TEMPLATES.successRate, SUCCESS_RATE],
        [METRIC_TEMPLATES.p99, P99],
      ] as const) {
        new CustomResource<IMetricTemplate>(scope, name, template(name, query));
      }
    },
  };
}
