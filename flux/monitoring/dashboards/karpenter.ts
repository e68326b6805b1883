import type { Dashboard, Panel } from '../../../charts/grafana.ts';

const used = (title: string, resource: string): Panel => ({
  title,
  description: 'Of what the pool may have.',
  type: 'timeseries',
  width: 8,
  unit: 'percentunit',
  min: 0,
  steps: [{ color: 'transparent' }, { from: 0.9, color: 'red' }],
  queries: [
    {
      legend: '{{nodepool}}',
      expr: `max by (nodepool) (karpenter_nodepools_usage{resource_type="${resource}"}) / max by (nodepool) (karpenter_nodepools_limit{resource_type="${resource}"})`,
    },
  ],
});

const RATE = '[$__rate_interval]';

/** Where nodes come from, and why they go. */
export const KARPENTER: Dashboard = {
  uid: 'slipway-karpenter',
  title: 'Karpenter',
  tags: ['platform'],
  sections: [
    {
      title: 'Nodes',
      panels: [
        {
          title: 'By pool and kind',
          type: 'timeseries',
          width: 8,
          min: 0,
          queries: [
            {
              legend:
                '{{label_karpenter_sh_nodepool}} {{label_karpenter_sh_capacity_type}} {{label_kubernetes_io_arch}}',
              expr: 'count by (label_karpenter_sh_nodepool, label_karpenter_sh_capacity_type, label_kubernetes_io_arch) (kube_node_labels)',
            },
          ],
        },
        used('CPU', 'cpu'),
        used('Memory', 'memory'),
      ],
    },
    {
      title: 'Coming and going',
      panels: [
        {
          title: 'Started',
          type: 'timeseries',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{nodepool}} {{reason}}',
              expr: 'sum by (nodepool, reason) (increase(karpenter_nodeclaims_created_total[1h]))',
            },
          ],
        },
        {
          title: 'Ended, by reason',
          type: 'timeseries',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{nodepool}} {{reason}}',
              expr: 'sum by (nodepool, reason) (increase(karpenter_nodeclaims_disrupted_total[1h]))',
            },
          ],
        },
        {
          title: 'Told by AWS',
          description: 'Spot nodes that it takes back, and events of instances.',
          type: 'timeseries',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{message_type}}',
              expr: 'sum by (message_type) (increase(karpenter_interruption_received_messages_total[1h]))',
            },
          ],
        },
        {
          title: 'Pods without a node',
          type: 'timeseries',
          width: 12,
          min: 0,
          queries: [
            { legend: '{{namespace}}', expr: 'sum by (namespace) (kube_pod_status_unschedulable)' },
            { legend: 'Karpenter knows of', expr: 'sum(karpenter_scheduler_queue_depth)' },
          ],
        },
        {
          title: 'Refused by AWS',
          type: 'timeseries',
          width: 12,
          min: 0,
          queries: [
            {
              legend: '{{error}}',
              expr: `sum by (error) (rate(karpenter_cloudprovider_errors_total${RATE}))`,
            },
          ],
        },
      ],
    },
  ],
};
