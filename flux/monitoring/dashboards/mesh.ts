import type { Dashboard } from '../../../charts/grafana.ts';

/** What arrives at pods from others. */
const INBOUND = 'direction="inbound"';
const RATE = '[$__rate_interval]';

/** Requests between all meshed pods, and the mesh itself. */
export const MESH: Dashboard = {
  uid: 'slipway-mesh',
  title: 'Mesh',
  tags: ['platform'],
  sections: [
    {
      title: 'Requests, as they arrive',
      panels: [
        {
          title: 'Requests',
          type: 'timeseries',
          width: 8,
          unit: 'reqps',
          min: 0,
          queries: [
            {
              legend: '{{namespace}}',
              expr: `sum by (namespace) (rate(response_total{${INBOUND}}${RATE}))`,
            },
          ],
        },
        {
          title: 'Failures',
          type: 'timeseries',
          width: 8,
          unit: 'percentunit',
          min: 0,
          queries: [
            {
              legend: '{{namespace}}',
              expr: `sum by (namespace) (rate(response_total{${INBOUND}, classification="failure"}${RATE})) / sum by (namespace) (rate(response_total{${INBOUND}}${RATE}))`,
            },
          ],
        },
        {
          title: 'P99',
          type: 'timeseries',
          width: 8,
          unit: 'ms',
          min: 0,
          queries: [
            {
              legend: '{{namespace}}',
              expr: `histogram_quantile(0.99, sum by (namespace, le) (rate(response_latency_ms_bucket{${INBOUND}}${RATE})))`,
            },
          ],
        },
        {
          title: 'Between two proxies',
          description:
            'The share of the requests whose both ends are proven and encrypted. Probes and scrapes are not.',
          type: 'timeseries',
          width: 12,
          unit: 'percentunit',
          min: 0,
          max: 1,
          queries: [
            {
              legend: '{{namespace}}',
              expr: `sum by (namespace) (rate(response_total{${INBOUND}, tls="true"}${RATE})) / sum by (namespace) (rate(response_total{${INBOUND}}${RATE}))`,
            },
          ],
        },
        {
          title: 'By service',
          description: 'Deployments with the most requests.',
          type: 'timeseries',
          width: 12,
          unit: 'reqps',
          min: 0,
          queries: [
            {
              legend: '{{namespace}} / {{deployment}}',
              expr: `topk(10, sum by (namespace, deployment) (rate(response_total{${INBOUND}}${RATE})))`,
            },
          ],
        },
      ],
    },
    {
      title: 'The mesh itself',
      panels: [
        {
          title: 'Proxies',
          type: 'timeseries',
          width: 8,
          min: 0,
          queries: [
            { legend: 'there', expr: 'count(up{job="monitoring/linkerd-proxy"})' },
            { legend: 'read', expr: 'sum(up{job="monitoring/linkerd-proxy"})' },
          ],
        },
        {
          title: 'Pods that get a proxy',
          type: 'timeseries',
          width: 8,
          min: 0,
          queries: [
            {
              legend: 'asked',
              expr: `sum(rate(proxy_inject_admission_requests_total${RATE}))`,
            },
            {
              legend: 'answered',
              expr: `sum(rate(proxy_inject_admission_responses_total${RATE}))`,
            },
          ],
        },
        {
          title: 'Certificates end in',
          description:
            'Of what cert-manager keeps: the mesh’s issuer lives for two days, its anchor for years.',
          type: 'timeseries',
          width: 8,
          unit: 's',
          queries: [
            {
              legend: '{{namespace}} / {{name}}',
              expr: 'min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds) - time()',
            },
          ],
        },
      ],
    },
  ],
};
