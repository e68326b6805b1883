import type { Dashboard } from '../../../charts/grafana.ts';

const RATE = '[$__rate_interval]';

/** What nodes have left. */
export const NODES: Dashboard = {
  uid: 'slipway-nodes',
  title: 'Nodes',
  tags: ['platform'],
  sections: [
    {
      title: 'In use',
      panels: [
        {
          title: 'CPU',
          type: 'timeseries',
          width: 8,
          unit: 'percentunit',
          min: 0,
          max: 1,
          queries: [
            {
              legend: '{{instance}}',
              expr: `1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}${RATE}))`,
            },
          ],
        },
        {
          title: 'Memory',
          type: 'timeseries',
          width: 8,
          unit: 'percentunit',
          min: 0,
          max: 1,
          queries: [
            {
              legend: '{{instance}}',
              expr: '1 - max by (instance) (node_memory_MemAvailable_bytes) / max by (instance) (node_memory_MemTotal_bytes)',
            },
          ],
        },
        {
          title: 'Disks',
          type: 'timeseries',
          width: 8,
          unit: 'percentunit',
          min: 0,
          max: 1,
          queries: [
            {
              legend: '{{instance}}',
              expr: '1 - min by (instance) (node_filesystem_avail_bytes / node_filesystem_size_bytes)',
            },
          ],
        },
      ],
    },
    {
      title: 'Asked for by pods',
      panels: (['cpu', 'memory'] as const).map((resource) => ({
        title: resource === 'cpu' ? 'CPU' : 'Memory',
        description: 'Of what the node can give. More than what is in use is paid for and idle.',
        type: 'timeseries',
        width: 12,
        unit: 'percentunit',
        min: 0,
        max: 1,
        queries: [
          {
            legend: '{{node}}',
            expr: `sum by (node) (kube_pod_container_resource_requests{resource="${resource}", node!=""}) / max by (node) (kube_node_status_allocatable{resource="${resource}"})`,
          },
        ],
      })),
    },
    {
      title: 'Trouble',
      panels: [
        {
          title: 'Not ready',
          type: 'timeseries',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{node}}',
              expr: 'max by (node) (kube_node_status_condition{condition="Ready", status!="true"})',
            },
          ],
        },
        {
          title: 'Containers that were started again, in an hour',
          type: 'timeseries',
          width: 8,
          min: 0,
          queries: [
            {
              legend: '{{namespace}}',
              expr: 'sum by (namespace) (increase(kube_pod_container_status_restarts_total[1h]))',
            },
          ],
        },
        {
          title: 'Volumes, used',
          type: 'timeseries',
          width: 8,
          unit: 'percentunit',
          min: 0,
          max: 1,
          queries: [
            {
              legend: '{{namespace}} / {{persistentvolumeclaim}}',
              expr: '1 - max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes) / max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes)',
            },
          ],
        },
      ],
    },
  ],
};
