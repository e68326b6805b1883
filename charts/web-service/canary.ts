import type { Construct } from 'constructs';
import { CustomResource } from '../custom-resource.ts';
import type { ICanary } from '../flagger-types.ts';
import { RELEASE_ANNOTATION, releaseConfigMap } from '../release-identity.ts';
import { type JudgedRelease, judgement } from '../release-strategy.ts';
import { analysis } from './analysis.ts';
import { HTTP_PORT } from './deployment.ts';
import { SERVICE_PORT } from './service.ts';
import type { Settings } from './settings.ts';

/** Has Flagger judge each new version. */
export function addCanary(scope: Construct, settings: Settings, release: JudgedRelease): void {
  const { name, namespace, replicas, port } = settings;
  new CustomResource<ICanary>(scope, 'canary', {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name, annotations: { [RELEASE_ANNOTATION]: releaseConfigMap(name) } },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      // When the Canary goes, Flagger first scales the target up and lets the Service select it.
      revertOnDeletion: true,
      ...(release.skipAnalysis && { skipAnalysis: true }),
      autoscalerRef: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        name,
        primaryScalerReplicas: { minReplicas: replicas.min, maxReplicas: replicas.max },
      },
      progressDeadlineSeconds: judgement(release).readySeconds,
      service: {
        port: SERVICE_PORT,
        portName: HTTP_PORT,
        targetPort: port,
        // The Service itself is the route's parent: the mesh splits what is sent to it.
        gatewayRefs: [{ group: 'core', kind: 'Service', name, namespace, port: SERVICE_PORT }],
      },
      analysis: analysis(settings, release),
    },
  });
}
