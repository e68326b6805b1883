import { IntOrString, KubePodDisruptionBudget } from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from '../custom-resource.ts';
import { servingLabels } from './pods.ts';
import type { Settings } from './settings.ts';

/** Keeps the pods that serve from going all at once when nodes are emptied. */
export function addDisruptionBudget(scope: Construct, { name, release, maxUnavailable }: Settings): void {
  new CoreResource(scope, 'disruption-budget', KubePodDisruptionBudget, {
    metadata: { name },
    spec: {
      maxUnavailable: IntOrString.fromNumber(maxUnavailable),
      // A pod that is not ready serves nobody, and must not keep a node from being emptied.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: servingLabels(name, release) },
    },
  });
}
