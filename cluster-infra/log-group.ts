import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ClusterPart } from './platform-stack.ts';

/**
 * A log group with the cluster's retention, made before whoever writes to it would make one that is never cleared. It goes with
 * its stack.
 *
 * @param name its whole name
 */
export function logGroup(part: ClusterPart, id: string, name: string): LogGroup {
  return new LogGroup(part, id, {
    logGroupName: name,
    // The config takes the numbers that CloudWatch does.
    retention: part.infrastructure.logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A log group of ours: `/slipway/<cluster>/<name>`. */
export function slipwayLogGroup(part: ClusterPart, id: string, name: string): LogGroup {
  return logGroup(part, id, `/slipway/${part.cluster.name}/${name}`);
}
