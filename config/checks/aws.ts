// What a cluster's record may say of the AWS it stands on. All of it may be left out: see config/infrastructure.ts for what
// then holds.
import { z } from 'zod';
import { KUBERNETES_VERSIONS } from '../kubernetes-versions.ts';
import { DATABASE_INSTANCES } from './database-instances.ts';
import { refusal } from './refusal.ts';
import { list, object, oneOf, unique } from './shapes.ts';
import { cidr, emailAddress, roleArn, snapshotName, wholeNumber } from './values.ts';

/** The keys of a record, as strings that TypeScript knows. */
function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}

/** Services that nodes and pods ask often, by the last part of their endpoint's name. */
const INTERFACE_ENDPOINTS = [
  'ecr.api',
  'ecr.dkr',
  'ec2',
  'sts',
  'eks-auth',
  'logs',
  'secretsmanager',
  'ssm',
  'ssmmessages',
  'elasticloadbalancing',
  'sqs',
  'xray',
] as const;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 3653,
];

/** Days after which CloudWatch forgets a log. */
function retentionDays() {
  return wholeNumber(1, undefined, 'days').refine((days) => RETENTION_DAYS.includes(days), {
    error: ({ input }) => {
      const days = Number(input);
      const meant = RETENTION_DAYS.find((choice) => choice >= days);
      return refusal(input, `a number of days that CloudWatch takes: ${RETENTION_DAYS.join(', ')}`, {
        meant,
      });
    },
  });
}

/** A range from which people come: the whole internet is none. */
function publicCidr() {
  return cidr().refine((range) => !range.endsWith('/0'), {
    error: ({ input }) => refusal(input, 'the range of an office or a VPN, not the whole internet'),
  });
}

/** Keys of a cluster's record beside its name, place and apps. */
export const CLUSTER_KEYS = {
  /**
   * The minor of Kubernetes. EKS moves it up by one at a time, and never down.
   *
   * @default 1.35
   */
  kubernetes: oneOf(keysOf(KUBERNETES_VERSIONS)).optional(),
  /**
   * By how many NAT gateways private subnets reach the internet: one for all zones is cheap, and its zone's failure cuts
   * all of them off; one per zone is not, and costs as much again for each.
   *
   * @default per-zone in a ring that is highly available, else one
   */
  nat: oneOf(['one', 'per-zone']).optional(),
  /**
   * Services of AWS that are reached inside the VPC. Each costs about as much as a fifth of a NAT gateway for each zone; what
   * is saved is the NAT's charge by the gigabyte.
   *
   * @default none: all of them are reached through the NAT; S3 never is
   */
  interfaceEndpoints: unique(list(oneOf(INTERFACE_ENDPOINTS), { of: 'services' })).optional(),
  /**
   * Ranges from which the Kubernetes API is reached over the internet, by people whom `admins` names.
   *
   * @default none: it has an address inside the VPC only, and people come by an SSM tunnel
   */
  publicApiCidrs: unique(list(publicCidr(), { of: 'IPv4 ranges' })).optional(),
  /**
   * IAM roles whose people may do everything on the cluster.
   *
   * @default none: only the roles that the CDK deploys with
   */
  admins: unique(list(roleArn(), { of: 'IAM role ARNs' })).optional(),
  /**
   * How long CloudWatch keeps logs, in days.
   *
   * @default 30
   */
  logRetentionDays: retentionDays().optional(),
  /**
   * What the cluster may cost in a month, in USD. Budgets are by account: those of its clusters are added up.
   *
   * @default 1800 in a ring that is highly available, else 500
   */
  monthlyBudgetUsd: wholeNumber(1, undefined, 'USD').optional(),
};

/** Keys of a cluster's `database` beside its connections. */
export const DATABASE_KEYS = {
  /**
   * The instance class.
   *
   * @default db.m7g.large in a ring that is highly available, else db.t4g.medium
   */
  instance: oneOf(keysOf(DATABASE_INSTANCES)).optional(),
  /**
   * Its disk in GiB. It grows by itself to five times as much; AWS never makes one smaller.
   *
   * @default 100 in a ring that is highly available, else 20
   */
  storageGiB: wholeNumber(20, 65_536, 'GiB').optional(),
  /**
   * Whether a second server in another zone takes over when the first one fails.
   *
   * @default true in a ring that is highly available, else false
   */
  multiAz: boolean().optional(),
  /**
   * How many days back the database can be restored to any second.
   *
   * @default 30 in a ring that is highly available, else 7
   */
  backupDays: wholeNumber(1, 35, 'days, which is as far as RDS goes').optional(),
  /**
   * The snapshot that the database is made from, by its name or ARN. It stays in the record for as long as the database lives:
   * to take it away or change it is to ask for another database.
   *
   * @default none: it starts empty
   */
  restoreFrom: snapshotName().optional(),
};

/** What AWS tells, and whom. */
export const aws = () =>
  object({
    /**
     * Who is written to when an alarm rings or a budget is nearly spent.
     *
     * @default nobody
     */
    emails: unique(list(emailAddress(), { of: 'e-mail addresses' })).default([]),
  }).prefault({});

/** `true` or `false`. */
function boolean() {
  return z.boolean({ error: ({ input }) => refusal(input, 'true or false', { wanted: 'true or false' }) });
}
