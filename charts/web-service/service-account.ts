import { KubeServiceAccount } from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from '../custom-resource.ts';
import type { Settings } from './settings.ts';

/**
 * Who the pods are: to the mesh, and to AWS where a Pod Identity association names it. Neither needs the token for the API
 * server that pods get by default.
 */
export function addServiceAccount(scope: Construct, { name }: Settings): void {
  new CoreResource(scope, 'account', KubeServiceAccount, {
    metadata: { name },
    automountServiceAccountToken: false,
  });
}
