import type { ApiObject } from 'cdk8s';

const METADATA_TYPE = 'slipway:policy-exception';

/** One object that a policy does not hold for. */
export interface PolicyException {
  policy: string;
  /** Why this object may do what the policy forbids. */
  reason: string;
}

/** The exceptions of an object, in the order in which they were made. */
export function policyExceptions(object: ApiObject): PolicyException[] {
  return object.node.metadata.filter(({ type }) => type === METADATA_TYPE).map(({ data }) => data);
}
