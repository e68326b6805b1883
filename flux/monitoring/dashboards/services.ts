import type { Dashboard } from '../../../charts/grafana.ts';

const OBJECTIVES = { success: 'Failures', 'in-time': 'Delays' } as const;

/** All web services beside each other, each by what its own rules record. */
export const SERVICES: Dashboard = {
  uid: 'slipway-services',
  title: 'Services',
  tags: ['platform'],
  sections: [
    {
      title: 'What is promised',
      panels: (['success', 'in-time'] as const).map((objective) => ({
        title: `${OBJECTIVES[objective]}, over an hour`,
        description: 'The share of the requests, by service. What each promises stands on its own dashboard.',
        type: 'timeseries',
        width: 12,
        unit: 'percentunit',
        min: 0,
        queries: [
          {
            legend: '{{namespace}} / {{service}}',
            expr: `max by (namespace, service) (web_service:bad_requests:ratio_rate1h{objective="${objective}"})`,
          },
        ],
      })),
    },
    {
      title: 'What users do',
      panels: [
        {
          title: 'Requests',
          type: 'timeseries',
          width: 12,
          unit: 'reqps',
          min: 0,
          queries: [
            {
              legend: '{{namespace}} / {{service}}',
              expr: 'sum by (namespace, service) (web_service:requests:rate5m{objective="success"})',
            },
          ],
        },
        {
          title: 'Failed requests',
          type: 'timeseries',
          width: 12,
          unit: 'reqps',
          min: 0,
          queries: [
            {
              legend: '{{namespace}} / {{service}}',
              expr: 'sum by (namespace, service) (web_service:bad_requests:rate5m{objective="success"})',
            },
          ],
        },
      ],
    },
  ],
};
