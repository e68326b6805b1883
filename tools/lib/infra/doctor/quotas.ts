import type { Infrastructure } from '../../../../config/infrastructure.ts';
import type { Cluster } from '../../../../config/schema.ts';

/** A limit of an account in a region, and what a cluster takes of it. */
export interface Quota {
  what: string;
  service: string;
  /** @see https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
  code: string;
  /** What a new cluster takes. */
  takes: number;
  /** How what is in use is counted. @default it is not: the limit is for what runs at one moment */
  inUse?: 'addresses' | 'vpcs';
}

/** Cores that a cluster needs at its smallest: the nodes of its system, and a first few of Karpenter's. */
const CORES = { small: 2 * 2 + 8, large: 3 * 2 + 16 };

/** What a cluster takes of what AWS limits. */
export function quotasOf({ zones }: Cluster, { nat, database }: Infrastructure): Quota[] {
  const cores = database.multiAz ? CORES.large : CORES.small;
  return [
    {
      what: 'Elastic IPs',
      service: 'ec2',
      code: 'L-0263D0A3',
      takes: nat === 'one' ? 1 : zones.length,
      inUse: 'addresses',
    },
    { what: 'VPCs', service: 'vpc', code: 'L-F678F1CE', takes: 1, inUse: 'vpcs' },
    { what: 'cores of on-demand instances', service: 'ec2', code: 'L-1216C47A', takes: cores },
    { what: 'cores of spot instances', service: 'ec2', code: 'L-34B43A08', takes: CORES.small },
  ];
}
