import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Infrastructure, infrastructure } from '../config/infrastructure.ts';
import { ringSizing } from '../config/per-ring.ts';
import type { Cluster, Platform } from '../config/schema.ts';

export interface ClusterStackProps extends StackProps {
  platform: Platform;
  /** The cluster that the stack is a part of. */
  cluster: Cluster;
}

/** A part of what one cluster stands on, in the cluster's account and region. */
export class ClusterPart extends Stack {
  readonly platform: Platform;
  readonly cluster: Cluster;
  /** What the cluster's record says of AWS, with its defaults. */
  readonly infrastructure: Infrastructure;
  /** Whether the failure of a zone must not be noticed. */
  readonly isHighlyAvailable: boolean;

  /** @param part what it is called after the cluster's name: `network` */
  constructor(scope: Construct, part: string, { platform, cluster, ...props }: ClusterStackProps) {
    super(scope, `${cluster.name}-${part}`, {
      // Read and written across regions only where a cluster is not in its account's first region.
      crossRegionReferences: true,
      env: { account: cluster.account, region: cluster.region },
      ...props,
    });
    this.platform = platform;
    this.cluster = cluster;
    this.infrastructure = infrastructure(platform, cluster);
    this.isHighlyAvailable = ringSizing(platform, cluster.ring) === 'highly-available';
    Tags.of(this).add('slipway:cluster', cluster.name);
    Tags.of(this).add('slipway:ring', cluster.ring);
  }

  /** Named by the config: the CDK would ask AWS, and synthesis must work without an account. */
  override get availabilityZones(): string[] {
    return this.cluster.zones.map((zone) => `${this.cluster.region}${zone}`);
  }
}
