import type { AdmissionRule } from './admission-policy.ts';
import { celText } from './pods.ts';

/** @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
const LABEL = 'pod-security.kubernetes.io/enforce';

/** How much a namespace lets its pods ask of their node. */
export type PodSecurityLevel = 'baseline' | 'privileged';

/**
 * Every namespace enforces the restricted level of pod security, but those named here.
 *
 * @param others the level of each namespace that needs more
 */
export function namespaceLevels(others: Readonly<Record<string, PodSecurityLevel>>): AdmissionRule {
  const levels = Object.entries(others)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, level]) => `${celText(name)}: ${celText(level)}`);
  return {
    name: 'namespace-levels',
    why: 'A namespace that somebody made in haste, or whose label somebody took away, lets no pod do more.',
    kinds: [{ group: '', version: 'v1', resources: ['namespaces'] }],
    variables: {
      others: `{${levels.join(', ')}}`,
      wanted:
        "object.metadata.name in variables.others ? variables.others[object.metadata.name] : 'restricted'",
      found: `has(object.metadata.labels) && '${LABEL}' in object.metadata.labels ? object.metadata.labels['${LABEL}'] : 'nothing'`,
    },
    validations: [
      {
        // Less than it may ask for is always fine.
        expression: "variables.found == variables.wanted || variables.found == 'restricted'",
        message: `a namespace does not enforce its level of pod security by ${LABEL}`,
        messageExpression: `'${LABEL} is ' + variables.found + '; wanted: ' + variables.wanted`,
      },
    ],
  };
}
