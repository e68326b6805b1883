/**
 * The instance classes that a database may have, by their memory in GiB: those on AWS's own processors, which cost a tenth
 * less for the same work.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
export const DATABASE_INSTANCES = {
  'db.t4g.micro': 1,
  'db.t4g.small': 2,
  'db.t4g.medium': 4,
  'db.t4g.large': 8,
  'db.m7g.large': 8,
  'db.m7g.xlarge': 16,
  'db.m7g.2xlarge': 32,
  'db.m7g.4xlarge': 64,
  'db.r7g.large': 16,
  'db.r7g.xlarge': 32,
  'db.r7g.2xlarge': 64,
  'db.r7g.4xlarge': 128,
} as const;

/** The instance class of a database server: `db.t4g.medium`. */
export type DatabaseInstance = keyof typeof DATABASE_INSTANCES;

/** Bytes of memory for which RDS lets PostgreSQL take one connection, and the most it ever takes. */
const BYTES_PER_CONNECTION = 9_531_392;
const MOST_CONNECTIONS = 5000;

/** The share of an instance's memory that the system and RDS leave to PostgreSQL. */
const LEFT = 0.9;

/**
 * The connections that PostgreSQL on RDS takes by default on an instance of this class.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function mostConnections(instance: DatabaseInstance): number {
  const bytes = DATABASE_INSTANCES[instance] * 2 ** 30 * LEFT;
  return Math.min(MOST_CONNECTIONS, Math.floor(bytes / BYTES_PER_CONNECTION));
}
