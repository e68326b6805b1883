import type { Dashboard } from '../../../charts/grafana.ts';

/** What a service was asked for; not what it asked of others for it. */
const ASKED = 'span_kind="SPAN_KIND_SERVER"';
const RATE = '[$__rate_interval]';

/** What traces tell beside the mesh: which routes are slow, with points that lead to a trace. */
export const TRACES: Dashboard = {
  uid: 'slipway-traces',
  title: 'Traces',
  tags: ['platform'],
  sections: [
    {
      title: 'By route',
      panels: [
        {
          title: 'P99',
          description:
            'A point is one request, with its trace_id. In X-Ray it is 1-, its first eight digits, a dash and the others. All that took longer than a second or failed are kept there, and one in ten of the rest.',
          type: 'timeseries',
          width: 24,
          unit: 's',
          min: 0,
          queries: [
            {
              legend: '{{service_name}} {{span_name}}',
              expr: `histogram_quantile(0.99, sum by (service_name, span_name, le) (rate(traces_span_metrics_duration_seconds_bucket{${ASKED}}${RATE})))`,
              exemplars: true,
            },
          ],
        },
        {
          title: 'Requests',
          type: 'timeseries',
          width: 12,
          unit: 'reqps',
          min: 0,
          queries: [
            {
              legend: '{{service_name}} {{span_name}}',
              expr: `topk(10, sum by (service_name, span_name) (rate(traces_span_metrics_calls_total{${ASKED}}${RATE})))`,
            },
          ],
        },
        {
          title: 'Failures',
          type: 'timeseries',
          width: 12,
          unit: 'reqps',
          min: 0,
          queries: [
            {
              legend: '{{service_name}} {{span_name}}',
              expr: `sum by (service_name, span_name) (rate(traces_span_metrics_calls_total{${ASKED}, status_code="STATUS_CODE_ERROR"}${RATE}))`,
            },
          ],
        },
      ],
    },
  ],
};
