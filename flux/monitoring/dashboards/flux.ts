import type { Dashboard, Panel } from '../../../charts/grafana.ts';

const count = (title: string, matchers: string): Panel => ({
  title,
  type: 'stat',
  width: 6,
  steps: [{ color: 'green' }, { from: 1, color: 'orange' }],
  queries: [
    {
      legend: title,
      expr: `count(max by (kind, exported_namespace, name) (flux_resource_info{${matchers}}) == 1) or vector(0)`,
    },
  ],
});

/** Whether what git says is what runs. */
export const FLUX: Dashboard = {
  uid: 'slipway-flux',
  title: 'Flux',
  tags: ['platform'],
  sections: [
    {
      title: 'Now',
      panels: [
        count('Not ready', 'ready="False", suspended!="True"'),
        count('At work', 'ready="Unknown", suspended!="True"'),
        count('Suspended', 'suspended="True"'),
        {
          title: 'Objects',
          type: 'stat',
          width: 6,
          steps: [{ color: 'blue' }],
          queries: [
            {
              legend: 'objects',
              expr: 'count(max by (kind, exported_namespace, name) (flux_resource_info))',
            },
          ],
        },
        {
          title: 'Not ready',
          description: 'Each that is not, for as long as it is not.',
          type: 'state-timeline',
          width: 24,
          names: { 1: { text: 'not ready', color: 'red' } },
          queries: [
            {
              legend: '{{kind}} {{name}}',
              expr: 'max by (kind, name) (flux_resource_info{ready="False", suspended!="True"})',
            },
          ],
        },
      ],
    },
    {
      title: 'At work',
      panels: [
        {
          title: 'How long it takes',
          description: 'P99 of one reconciliation, by kind. Of an app this is the length of its release.',
          type: 'timeseries',
          width: 12,
          unit: 's',
          min: 0,
          queries: [
            {
              legend: '{{kind}}',
              expr: 'histogram_quantile(0.99, sum by (kind, le) (rate(gotk_reconcile_duration_seconds_bucket[$__rate_interval])))',
            },
          ],
        },
        {
          title: 'How much there is to do',
          description: 'What waits for a worker, by controller.',
          type: 'timeseries',
          width: 12,
          min: 0,
          queries: [{ legend: '{{name}}', expr: 'sum by (name) (workqueue_depth{job="monitoring/flux"})' }],
        },
      ],
    },
  ],
};
