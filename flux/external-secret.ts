import type { IExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret';
import { Construct } from 'constructs';
import { CustomResource } from '../charts/custom-resource.ts';

export interface ExternalSecretProps {
  /** @default that of the chart */
  namespace?: string;
  /** The name of the ClusterSecretStore. */
  store: string;
  /** What holds it there: `dev-eu-west-1/platform/flux-git`, a JSON object. Each of its keys becomes one of the Secret. */
  remoteKey: string;
  /** @default Opaque */
  type?: 'Opaque' | 'kubernetes.io/dockerconfigjson';
}

/** A Secret of the platform, kept as a secret store has it. The id is its name. */
export class ExternalSecret extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { namespace, store, remoteKey, type = 'Opaque' }: ExternalSecretProps,
  ) {
    super(scope, id);
    new CustomResource<IExternalSecret>(this, 'secret', {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: id, ...(namespace !== undefined && { namespace }) },
      spec: {
        secretStoreRef: { kind: 'ClusterSecretStore', name: store },
        refreshInterval: '1h',
        target: { name: id, ...(type !== 'Opaque' && { template: { type } }) },
        dataFrom: [{ extract: { key: remoteKey } }],
      },
    });
  }
}
