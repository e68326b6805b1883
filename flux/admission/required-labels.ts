import type { AdmissionRule } from './admission-policy.ts';
import { POD_KINDS, POD_VARIABLES } from './pods.ts';

/** By this label pods are selected, scraped, let through the network and shown on dashboards. */
const LABEL = 'app.kubernetes.io/name';

/** Pods of apps say what they are a part of. */
export const REQUIRED_LABELS: AdmissionRule = {
  name: 'required-labels',
  why: 'Pods without their name are in no network policy, on no dashboard, and nobody knows whose they are.',
  kinds: POD_KINDS,
  variables: { template: POD_VARIABLES.template },
  validations: [
    {
      expression: `has(variables.template.metadata) && has(variables.template.metadata.labels) && '${LABEL}' in variables.template.metadata.labels && variables.template.metadata.labels['${LABEL}'] != ''`,
      message: `pods have no label ${LABEL}`,
    },
  ],
};
