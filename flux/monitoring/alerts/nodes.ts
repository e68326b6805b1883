import type { Alert } from './alert.ts';

/** Nodes, and whether pods find one. */
export const NODE_ALERTS: readonly Alert[] = [
  {
    alert: 'NodeNotReady',
    severity: 'warning',
    expr: 'max by (node) (kube_node_status_condition{condition="Ready", status!="true"}) == 1',
    // A node that starts takes one or two; Karpenter replaces one that stays broken.
    minutes: 15,
    summary: 'Node {{ $labels.node }} has not been ready for a quarter of an hour',
    description: 'Its pods run elsewhere by now, but for those that are held by a volume.',
    runbook: 'node-not-ready',
  },
  {
    alert: 'PodsWithoutNode',
    severity: 'warning',
    expr: 'sum by (namespace) (kube_pod_status_unschedulable) > 0',
    // A node is there within two minutes, from whichever pool.
    minutes: 15,
    summary: '{{ $value }} pods in {{ $labels.namespace }} find no node',
    description: 'Services there can not grow, and what must move can not.',
    runbook: 'pods-without-node',
  },
  {
    alert: 'NodesNotStarting',
    severity: 'warning',
    // What AWS has none of for a while, Karpenter takes of another kind.
    expr: `sum by (controller, error) (
  rate(karpenter_cloudprovider_errors_total{error!~"InsufficientCapacityError|NodeClaimNotFoundError"}[10m])
) > 0`,
    minutes: 15,
    summary: 'AWS refuses what Karpenter asks for: {{ $labels.error }}',
    description: 'Nodes are not started, or not ended.',
    runbook: 'pods-without-node',
  },
  {
    alert: 'NodePoolNearLimit',
    severity: 'warning',
    expr: `max by (nodepool, resource_type) (karpenter_nodepools_usage)
/
max by (nodepool, resource_type) (karpenter_nodepools_limit) > 0.9`,
    minutes: 15,
    summary:
      'Pool {{ $labels.nodepool }} uses {{ $value | humanizePercentage }} of the {{ $labels.resource_type }} that it may',
    description: 'Over its limit Karpenter starts no node, and pods wait.',
    runbook: 'pods-without-node',
  },
];
