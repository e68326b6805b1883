import type { Dashboard, Query } from '../../../charts/grafana.ts';

const ended = (how: 'successes' | 'failures', legend: string): Query => ({
  legend,
  expr: `sum(increase(flagger_canary_${how}_total[1d]))`,
});

/** All releases beside each other. What one does to its users is on the service's own dashboard. */
export const RELEASES: Dashboard = {
  uid: 'slipway-releases',
  title: 'Releases',
  tags: ['platform'],
  sections: [
    {
      title: 'Now',
      panels: [
        {
          title: 'State',
          type: 'state-timeline',
          width: 12,
          names: {
            0: { text: 'judged', color: 'blue' },
            1: { text: 'well', color: 'green' },
            2: { text: 'rolled back', color: 'red' },
          },
          queries: [
            {
              legend: '{{namespace}} / {{name}}',
              expr: 'max by (namespace, name) (flagger_canary_status)',
            },
          ],
        },
        {
          title: 'Users on each version',
          type: 'timeseries',
          width: 12,
          unit: 'percent',
          min: 0,
          max: 100,
          queries: [
            {
              legend: '{{namespace}} / {{workload}}',
              expr: 'max by (namespace, workload) (flagger_canary_weight)',
            },
          ],
        },
      ],
    },
    {
      title: 'What they were judged by',
      panels: [
        {
          title: 'Success rate, as last checked',
          type: 'timeseries',
          width: 12,
          unit: 'percent',
          max: 100,
          queries: [
            {
              legend: '{{namespace}} / {{name}}',
              expr: 'min by (namespace, name) (flagger_canary_metric_analysis{metric="success-rate"})',
            },
          ],
        },
        {
          title: 'P99, as last checked',
          type: 'timeseries',
          width: 12,
          unit: 'ms',
          min: 0,
          queries: [
            {
              legend: '{{namespace}} / {{name}}',
              expr: 'max by (namespace, name) (flagger_canary_metric_analysis{metric="p99"})',
            },
          ],
        },
      ],
    },
    {
      title: 'How they end',
      panels: [
        {
          title: 'In a day',
          type: 'timeseries',
          width: 12,
          min: 0,
          queries: [ended('successes', 'promoted'), ended('failures', 'rolled back')],
        },
        {
          title: 'How long a check of one takes Flagger',
          type: 'timeseries',
          width: 12,
          unit: 's',
          min: 0,
          queries: [
            {
              legend: 'P99',
              expr: 'histogram_quantile(0.99, sum by (le) (rate(flagger_canary_duration_seconds_bucket[$__rate_interval])))',
            },
          ],
        },
      ],
    },
  ],
};
