import { IntOrString, KubeService } from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from '../custom-resource.ts';
import { HTTP_PORT } from './deployment.ts';
import { servingLabels } from './pods.ts';
import type { Settings } from './settings.ts';

/** Port of the Service, as the mesh and the route see it. */
export const SERVICE_PORT = 80;

/** The annotation by which an object says how Flux applies it. */
const APPLY = 'kustomize.toolkit.fluxcd.io/ssa';

/**
 * The Service that stands for all requests. Flagger would make one too, but that one would belong to the Canary and be
 * gone with it; one that is there already it only lets select the primary, and the target again when the Canary goes.
 */
export function addService(scope: Construct, { name, release, port }: Settings): void {
  new CoreResource(scope, 'service', KubeService, {
    metadata: {
      name,
      // From then on its selector is Flagger's, so Flux must not set it again.
      ...(release.strategy !== 'rolling' && { annotations: { [APPLY]: 'IfNotPresent' } }),
    },
    spec: {
      selector: servingLabels(name, release),
      ports: [{ name: HTTP_PORT, port: SERVICE_PORT, targetPort: IntOrString.fromNumber(port) }],
    },
  });
}
