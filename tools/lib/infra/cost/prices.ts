// What AWS asks, offline: approximations of its public lists for on-demand use, without taxes, discounts and free tiers,
// written down on the date below and not read from AWS. They tell what drives a bill; the bill is the truth.

/** The day on which the prices were written down. */
export const PRICES_WRITTEN = '2026-11-21';

/** What something costs in a region, in USD. */
export interface Prices {
  /** Hourly, by kind of instance. @see https://aws.amazon.com/ec2/pricing/on-demand/ */
  instances: Readonly<Record<string, number>>;
  /** Hourly for one server of PostgreSQL; a second one in another zone costs as much again. @see https://aws.amazon.com/rds/postgresql/pricing/ */
  databases: Readonly<Record<string, number>>;
  /** For a GB of disk and a month, on one server. */
  databaseDiskGb: number;
  /** For a GB of gp3 and a month. @see https://aws.amazon.com/ebs/pricing/ */
  diskGb: number;
  /** Hourly. @see https://aws.amazon.com/vpc/pricing/ */
  natGateway: number;
  /** For a GB through a NAT gateway. */
  natGb: number;
  /** Hourly, for each zone. @see https://aws.amazon.com/privatelink/pricing/ */
  interfaceEndpoint: number;
  /** Hourly. @see https://aws.amazon.com/elasticloadbalancing/pricing/ */
  loadBalancer: number;
  /** Hourly, for each unit of capacity in use. */
  loadBalancerUnit: number;
  /** For a GB that is written. @see https://aws.amazon.com/cloudwatch/pricing/ */
  logGb: number;
  /** For a GB to the internet. @see https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer */
  outGb: number;
}

/** What costs the same in every region we have prices of, in USD. */
export const EVERYWHERE = {
  /** Hourly, with standard support. @see https://aws.amazon.com/eks/pricing/ */
  eksCluster: 0.1,
  /** Hourly, whether it is in use or not. */
  publicIpv4: 0.005,
  /** Monthly. @see https://aws.amazon.com/kms/pricing/ */
  key: 1,
  /** Monthly. @see https://aws.amazon.com/secrets-manager/pricing/ */
  secret: 0.4,
  /** Monthly. @see https://aws.amazon.com/route53/pricing/ */
  hostedZone: 0.5,
  /** Monthly, of an endpoint at AWS, with HTTPS. */
  healthCheck: 1.5,
  /** Monthly. */
  alarm: 0.1,
} as const;

const US_EAST_1: Prices = {
  instances: { 't4g.medium': 0.0336, 'm7g.large': 0.0816, 'm7g.xlarge': 0.1632 },
  databases: {
    'db.t4g.micro': 0.016,
    'db.t4g.small': 0.032,
    'db.t4g.medium': 0.065,
    'db.t4g.large': 0.129,
    'db.m7g.large': 0.168,
    'db.m7g.xlarge': 0.337,
    'db.m7g.2xlarge': 0.674,
    'db.m7g.4xlarge': 1.348,
    'db.r7g.large': 0.239,
    'db.r7g.xlarge': 0.478,
    'db.r7g.2xlarge': 0.956,
    'db.r7g.4xlarge': 1.912,
  },
  databaseDiskGb: 0.115,
  diskGb: 0.08,
  natGateway: 0.045,
  natGb: 0.045,
  interfaceEndpoint: 0.01,
  loadBalancer: 0.0225,
  loadBalancerUnit: 0.006,
  logGb: 0.5,
  outGb: 0.09,
};

const EU_WEST_1: Prices = {
  instances: { 't4g.medium': 0.0368, 'm7g.large': 0.0911, 'm7g.xlarge': 0.1821 },
  databases: {
    'db.t4g.micro': 0.018,
    'db.t4g.small': 0.036,
    'db.t4g.medium': 0.072,
    'db.t4g.large': 0.143,
    'db.m7g.large': 0.187,
    'db.m7g.xlarge': 0.374,
    'db.m7g.2xlarge': 0.748,
    'db.m7g.4xlarge': 1.496,
    'db.r7g.large': 0.265,
    'db.r7g.xlarge': 0.53,
    'db.r7g.2xlarge': 1.06,
    'db.r7g.4xlarge': 2.12,
  },
  databaseDiskGb: 0.127,
  diskGb: 0.088,
  natGateway: 0.048,
  natGb: 0.048,
  interfaceEndpoint: 0.011,
  loadBalancer: 0.0252,
  loadBalancerUnit: 0.006,
  logGb: 0.57,
  outGb: 0.09,
};

const BY_REGION: Readonly<Record<string, Prices>> = {
  'us-east-1': US_EAST_1,
  'us-east-2': US_EAST_1,
  'us-west-2': US_EAST_1,
  'eu-west-1': EU_WEST_1,
};

/**
 * The prices of a region. Of one that the table lacks, those of eu-west-1, which is neither the cheapest nor the dearest.
 *
 * @returns them, and the region that they are of
 */
export function pricesOf(region: string): { prices: Prices; of: string } {
  const prices = BY_REGION[region];
  return prices === undefined ? { prices: EU_WEST_1, of: 'eu-west-1' } : { prices, of: region };
}
