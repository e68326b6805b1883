import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ClusterPart } from '../platform-stack.ts';

/** What identities are about, beside their cluster. */
export interface Surroundings {
  part: ClusterPart;
  /** The id of the hosted zone that holds the ring's domain. */
  hostedZoneId: string;
  /** The ARN of Karpenter's queue of interruptions. */
  interruptionQueueArn: string;
  /** The ARN of the role of nodes. */
  nodeRoleArn: string;
}

/** What an identity may do. */
export interface Permissions {
  /** By what they are for; each becomes a policy of its own. */
  policies: Readonly<Record<string, PolicyStatement[]>>;
  /** Why a resource or an action ends in a wildcard, by what cdk-nag calls it: `Resource::*`. */
  wildcards: Readonly<Record<string, string>>;
}

/** The reason for `*` where nothing else can be said. */
export const NO_RESOURCE = 'AWS has no resource for these actions: they list or describe.';

/**
 * The ARN of something in the cluster's account and region.
 *
 * @param service `ec2`
 * @param resource `security-group/*`
 */
export function arnHere({ cluster }: ClusterPart, service: string, resource: string): string {
  return `arn:aws:${service}:${cluster.region}:${cluster.account}:${resource}`;
}
