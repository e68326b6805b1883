import { type ApiObject, JsonPatch } from 'cdk8s';
import { KubeNamespace, KubeNetworkPolicy } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { Construct } from 'constructs';
import { CoreResource } from './custom-resource.ts';

export interface AppNamespaceProps {
  name: string;
}

/** A namespace for workloads: its pods join the mesh, must be unprivileged, and reach only what a policy lets them. */
export class AppNamespace extends Construct {
  /** The object itself, for who must except it from a policy. */
  readonly namespace: ApiObject;

  constructor(scope: Construct, id: string, { name }: AppNamespaceProps) {
    super(scope, id);
    this.namespace = new CoreResource(this, 'namespace', KubeNamespace, {
      metadata: {
        name,
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
        annotations: { 'linkerd.io/inject': 'enabled' },
      },
    });
    // cdk8s gives every object its chart's namespace; a Namespace is in none.
    this.namespace.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    new CoreResource(this, 'default-deny', KubeNetworkPolicy, {
      metadata: { name: 'default-deny', namespace: name },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  }
}
