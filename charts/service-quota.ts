import { KubeResourceQuota, Quantity } from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from './custom-resource.ts';

/**
 * Says how many doors to the outside a namespace may have: a load balancer costs money and lets people in, and a port of
 * every node lets in whoever reaches one.
 *
 * @param namespace its name
 * @param loadBalancers how many Services may have one
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-on-object-count
 */
export function addServiceQuota(scope: Construct, namespace: string, loadBalancers: number): void {
  new CoreResource(scope, 'services', KubeResourceQuota, {
    metadata: { name: 'services', namespace },
    spec: {
      hard: {
        'services.loadbalancers': Quantity.fromString(String(loadBalancers)),
        'services.nodeports': Quantity.fromString('0'),
      },
    },
  });
}
