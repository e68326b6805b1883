import { KubeIngress } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { Construct } from 'constructs';
import { CoreResource } from './custom-resource.ts';

export interface PublicRouteProps {
  /** The DNS name that users type; external-dns makes it from this object. */
  host: string;
  /**
   * The paths of the host that go to the Service, each with all below it. Routes may share a host; the longest path wins.
   *
   * @default everything
   */
  paths?: readonly string[];
  /** The Service that answers, and its port. For a canary this is the apex Service, never `-primary`. */
  service: { name: string; port: number };
  /** CIDRs from which it may be called. @default everywhere */
  allowFrom?: readonly string[];
}

/** A way into the cluster for users: requests for a host reach a Service through the mesh. */
export class PublicRoute extends Construct {
  constructor(scope: Construct, id: string, props: PublicRouteProps) {
    super(scope, id);
    const { name, port } = props.service;
    new CoreResource(this, 'ingress', KubeIngress, {
      metadata: {
        name: id,
        annotations: {
          // Send to the Service instead of its pods: only then does the mesh split the traffic.
          'nginx.ingress.kubernetes.io/service-upstream': 'true',
          ...(props.allowFrom && {
            'nginx.ingress.kubernetes.io/whitelist-source-range': props.allowFrom.join(','),
          }),
        },
      },
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: props.host,
            http: {
              paths: (props.paths ?? ['/']).map((path) => ({
                path,
                pathType: 'Prefix',
                backend: { service: { name, port: { number: port } } },
              })),
            },
          },
        ],
      },
    });
  }
}
