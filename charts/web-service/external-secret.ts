import type { IExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret';
import type { Construct } from 'constructs';
import { CustomResource } from '../custom-resource.ts';
import type { Settings } from './settings.ts';

/**
 * Copies what the service asks for from the secret store into a Secret of its name: one key for each variable. It can ask for
 * secrets of its own namespace only.
 */
export function addExternalSecret(scope: Construct, { name, namespace, platform, secrets }: Settings): void {
  const data = Object.entries(secrets).flatMap(([variable, source]) =>
    source.remoteKey === undefined
      ? []
      : [
          {
            secretKey: variable,
            remoteRef: {
              key: `${platform.secretPrefix}${namespace}/${source.remoteKey}`,
              ...(source.property && { property: source.property }),
            },
          },
        ],
  );
  if (data.length === 0) return;
  new CustomResource<IExternalSecret>(scope, 'secret', {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name },
    spec: {
      secretStoreRef: { kind: 'ClusterSecretStore', name: platform.secretStore },
      refreshInterval: '1h',
      target: {
        name,
        template: {
          metadata: {
            annotations: {
              // Else a rotated value would start a release, and leave the primary with the one before.
              'flagger.app/config-tracking': 'disabled',
            },
          },
        },
      },
      data,
    },
  });
}
