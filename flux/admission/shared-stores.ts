import type { AdmissionRule } from './admission-policy.ts';

/** Secrets come from the stores of the platform, which say for whom they are. */
export const SHARED_STORES: AdmissionRule = {
  name: 'shared-stores',
  why: "A namespace's own store would read with the operator's role, which knows the secrets of the whole cluster.",
  kinds: [{ group: 'external-secrets.io', version: 'v1', resources: ['secretstores'] }],
  validations: [
    {
      expression: "object.kind != 'SecretStore'",
      message: 'a namespace has no store of its own; ask a ClusterSecretStore that is for it',
    },
  ],
};
