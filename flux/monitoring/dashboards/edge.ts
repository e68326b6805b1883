import type { Dashboard } from '../../../charts/grafana.ts';

const RATE = '[$__rate_interval]';
const ROUTES = 'ingress!=""';

const quantile = (share: number, by: string) =>
  `histogram_quantile(${share}, sum by (${by}le) (rate(nginx_ingress_controller_request_duration_seconds_bucket{${ROUTES}}${RATE})))`;

/** Requests as they come in, whether a pod is reached or not. */
export const EDGE: Dashboard = {
  uid: 'slipway-edge',
  title: 'Edge',
  tags: ['platform'],
  sections: [
    {
      title: 'Requests',
      panels: [
        {
          title: 'By route',
          type: 'timeseries',
          width: 8,
          unit: 'reqps',
          min: 0,
          queries: [
            {
              legend: '{{namespace}} / {{ingress}}',
              expr: `sum by (namespace, ingress) (rate(nginx_ingress_controller_requests{${ROUTES}}${RATE}))`,
            },
          ],
        },
        {
          title: 'By answer',
          type: 'timeseries',
          width: 8,
          unit: 'reqps',
          min: 0,
          queries: [
            {
              legend: '{{status}}',
              expr: `sum by (status) (rate(nginx_ingress_controller_requests${RATE}))`,
            },
          ],
        },
        {
          title: 'Failures',
          type: 'timeseries',
          width: 8,
          unit: 'percentunit',
          min: 0,
          steps: [{ color: 'transparent' }, { from: 0.05, color: 'red' }],
          queries: [
            {
              legend: '{{namespace}} / {{ingress}}',
              expr: `sum by (namespace, ingress) (rate(nginx_ingress_controller_requests{${ROUTES}, status=~"5.."}${RATE})) / sum by (namespace, ingress) (rate(nginx_ingress_controller_requests{${ROUTES}}${RATE}))`,
            },
          ],
        },
        {
          title: 'Response times',
          description: 'With the way to and from the client, and its own slowness.',
          type: 'timeseries',
          width: 12,
          unit: 's',
          min: 0,
          queries: [
            { legend: 'P50', expr: quantile(0.5, '') },
            { legend: 'P99 {{namespace}} / {{ingress}}', expr: quantile(0.99, 'namespace, ingress, ') },
          ],
        },
        {
          title: 'Connections',
          type: 'timeseries',
          width: 12,
          min: 0,
          queries: [
            {
              legend: '{{state}}',
              expr: 'sum by (state) (nginx_ingress_controller_nginx_process_connections)',
            },
          ],
        },
      ],
    },
  ],
};
