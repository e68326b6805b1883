import type { AdmissionRule } from './admission-policy.ts';
import { celText } from './pods.ts';

export interface OwnSecretsProps {
  /** The name of the cluster, with which the names of its secrets begin. */
  cluster: string;
  /** The secrets of the platform that every namespace may read, by their whole names. */
  shared: readonly string[];
}

/**
 * A namespace of an app asks for secrets of that app only: `<cluster>/<namespace>/…`, in SSM with a slash before it.
 *
 * The operator has one role, which knows all secrets of the cluster: what keeps them apart is this.
 */
export function ownSecrets({ cluster, shared }: OwnSecretsProps): AdmissionRule {
  return {
    name: 'own-secrets',
    why: 'One operator reads the secrets of all apps: none may have it read those of another.',
    kinds: [{ group: 'external-secrets.io', version: 'v1', resources: ['externalsecrets'] }],
    variables: {
      data: 'has(object.spec.data) ? object.spec.data : []',
      dataFrom: 'has(object.spec.dataFrom) ? object.spec.dataFrom : []',
      keys: 'variables.data.map(entry, entry.remoteRef.key) + variables.dataFrom.filter(entry, has(entry.extract)).map(entry, entry.extract.key)',
      own: `${celText(`${cluster}/`)} + object.metadata.namespace + '/'`,
      shared: `[${[...shared].sort().map(celText).join(', ')}]`,
      foreign:
        "variables.keys.filter(key, !key.startsWith(variables.own) && !key.startsWith('/' + variables.own) && !(key in variables.shared))",
    },
    validations: [
      {
        expression: 'variables.dataFrom.all(entry, has(entry.extract))',
        message: 'secrets are searched for, or made; name those that are wanted, by extract',
      },
      {
        expression: 'variables.foreign.size() == 0',
        message: 'a secret is asked for that is not of this namespace',
        messageExpression:
          "'secrets that are not of this namespace: ' + variables.foreign.join(', ') + '; allowed: those whose names begin with ' + variables.own",
      },
    ],
  };
}
