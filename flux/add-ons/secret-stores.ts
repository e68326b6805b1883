import type { IClusterSecretStore } from '@kubernetes-models/external-secrets/external-secrets.io/v1/ClusterSecretStore';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';
import { EXTERNAL_SECRETS } from './external-secrets.ts';

/** The name of the add-on. */
export const SECRET_STORES = 'secret-stores';

/** The stores, by the service of AWS that they read. */
export const SECRETS_MANAGER_STORE = 'aws-secrets-manager';
export const PARAMETER_STORE = 'aws-parameter-store';

export interface SecretStoresProps {
  region: string;
  /** The namespaces that may ask Secrets Manager. */
  secrets: readonly string[];
  /** The namespaces that may ask SSM. */
  parameters: readonly string[];
}

/**
 * Where secrets come from, and for whom.
 *
 * The operator reads with the role of its own pods, which knows the secrets of its cluster only; no store holds a key. That a
 * namespace asks for none but its own is held by the admission policies.
 */
export function secretStores({ region, secrets, parameters }: SecretStoresProps): AddOn {
  return {
    name: SECRET_STORES,
    namespace: EXTERNAL_SECRETS,
    dependsOn: [EXTERNAL_SECRETS],
    why: 'Secrets Manager and SSM as sources of secrets, each for the namespaces that may use it.',
    needs: 'the secrets themselves, named <cluster>/<app>/<what> and <cluster>/platform/<what>',
    objects(scope) {
      const store = (
        name: string,
        service: 'SecretsManager' | 'ParameterStore',
        namespaces: readonly string[],
      ) =>
        clusterScoped(
          new CustomResource<IClusterSecretStore>(scope, name, {
            apiVersion: 'external-secrets.io/v1',
            kind: 'ClusterSecretStore',
            metadata: { name },
            spec: { provider: { aws: { service, region } }, conditions: [{ namespaces: [...namespaces] }] },
          }),
        );
      store(SECRETS_MANAGER_STORE, 'SecretsManager', secrets);
      store(PARAMETER_STORE, 'ParameterStore', parameters);
    },
  };
}
