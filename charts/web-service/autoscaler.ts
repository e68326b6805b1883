import { KubeHorizontalPodAutoscalerV2 } from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from '../custom-resource.ts';
import type { Settings } from './settings.ts';

/** The autoscaler. For a canary it scales the target, and Flagger copies it for the primary. */
export function addAutoscaler(scope: Construct, { name, replicas, scaling }: Settings): void {
  new CoreResource(scope, 'autoscaler', KubeHorizontalPodAutoscalerV2, {
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: replicas.min,
      maxReplicas: replicas.max,
      metrics: [usage(name, 'cpu', scaling.cpuPercent), usage(name, 'memory', scaling.memoryPercent)],
      behavior: {
        // Up to twice as many within half a minute, or two more where there are few; what lasts no half minute is a peak.
        scaleUp: {
          stabilizationWindowSeconds: 30,
          selectPolicy: 'Max',
          policies: [
            { type: 'Percent', value: 100, periodSeconds: 30 },
            { type: 'Pods', value: 2, periodSeconds: 30 },
          ],
        },
        // Down by a quarter a minute, once that many have sufficed for a while: who goes too early comes back at once, and
        // what a pod costs to start is load as well.
        scaleDown: {
          stabilizationWindowSeconds: scaling.calmSeconds,
          selectPolicy: 'Max',
          policies: [
            { type: 'Percent', value: 25, periodSeconds: 60 },
            { type: 'Pods', value: 1, periodSeconds: 60 },
          ],
        },
      },
    },
  });
}

/**
 * Of the service's container alone: the proxy beside it asks for nothing, and of a pod in which one container asks for
 * nothing Kubernetes can't say how many percent it uses.
 */
function usage(container: string, name: 'cpu' | 'memory', averageUtilization: number) {
  return {
    type: 'ContainerResource',
    containerResource: { container, name, target: { type: 'Utilization', averageUtilization } },
  };
}
