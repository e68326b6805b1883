import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import type { Construct } from 'constructs';
import { CustomResource } from '../custom-resource.ts';
import { MANAGEMENT_PORT } from './deployment.ts';
import { allPods, NAME_LABEL } from './pods.ts';
import type { Settings } from './settings.ts';

/** Has Prometheus read the service's own metrics. Those of its proxies the mesh's monitor reads. */
export function addPodMonitor(scope: Construct, { name, management }: Settings): void {
  if (management.metrics === false) return;
  new CustomResource<IPodMonitor>(scope, 'pod-monitor', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name },
    spec: {
      selector: allPods(name),
      podMetricsEndpoints: [{ port: MANAGEMENT_PORT, path: management.metrics }],
      // Tells the primary's numbers from those of a version that is judged.
      podTargetLabels: [NAME_LABEL],
    },
  });
}
