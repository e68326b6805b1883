import type { ApiObject } from 'cdk8s';

const METADATA_TYPE = 'slipway:policy-exception';

/** The policies that every compile is held to. What each wants, and why, stands in `docs/policies.md`. */
export const POLICY_NAMES = [
  'pod-security',
  'read-only-root',
  'resources',
  'pinned-images',
  'no-secrets',
  'probes',
  'no-replicas',
  'flagger-owned',
  'canary-references',
  'autoscaler-targets',
  'backends',
  'routes',
  'labels',
  'variables',
  'namespaces',
  'depends-on',
  'crds-first',
  'folders',
  'flux-sources',
  'secret-sources',
  'unique',
  'setter-markers',
] as const;

/** The name of a policy, as it stands in brackets behind a finding. */
export type PolicyName = (typeof POLICY_NAMES)[number];

/** One object that a policy does not hold for. */
export interface PolicyException {
  policy: PolicyName;
  /** Why this object may do what the policy forbids. */
  reason: string;
}

/**
 * Lets one object do what a policy forbids. It stands beside the code that makes the object, so that whoever reads one
 * reads the other; a compile that no longer needs it says so.
 *
 * @param object the object, and no other
 * @param policy the name behind the finding
 * @param reason why it is right here, in words for a reviewer
 */
export function exceptFromPolicy(object: ApiObject, policy: PolicyName, reason: string): void {
  const exception: PolicyException = { policy, reason };
  object.node.addMetadata(METADATA_TYPE, exception);
}

/** The exceptions of an object, in the order in which they were made. */
export function policyExceptions(object: ApiObject): PolicyException[] {
  return object.node.metadata.filter(({ type }) => type === METADATA_TYPE).map(({ data }) => data);
}
