import { absent } from './account.ts';
import type { Aws } from './aws.ts';

/** A cluster as EKS has it. */
export interface EksCluster {
  /** `ACTIVE` */
  status: string;
  endpoint: string;
  /** The authority of the endpoint's certificate, in base64. */
  authority: string;
  isPublic: boolean;
  isProtected: boolean;
}

/** A database server as RDS has it. */
export interface Database {
  /** `available` */
  status: string;
  isProtected: boolean;
}

interface DescribeCluster {
  cluster: {
    status: string;
    endpoint?: string;
    certificateAuthority?: { data?: string };
    resourcesVpcConfig: { endpointPublicAccess: boolean };
    deletionProtection?: boolean;
  };
}

interface DescribeDatabases {
  DBInstances: { DBInstanceStatus: string; DeletionProtection: boolean }[];
}

/** @returns `undefined` when there is no such cluster */
export async function describeCluster(
  aws: Aws,
  region: string,
  name: string,
): Promise<EksCluster | undefined> {
  const found = await absent(aws(region, 'eks describe-cluster', { name }), 'ResourceNotFoundException');
  if (found === undefined) return undefined;
  const { cluster } = found as DescribeCluster;
  return {
    status: cluster.status,
    endpoint: cluster.endpoint ?? '',
    authority: cluster.certificateAuthority?.data ?? '',
    isPublic: cluster.resourcesVpcConfig.endpointPublicAccess,
    isProtected: cluster.deletionProtection ?? false,
  };
}

/** Lets a cluster be deleted. */
export async function unprotectCluster(aws: Aws, region: string, name: string): Promise<void> {
  await aws(region, 'eks update-cluster-config', { name, deletionProtection: false });
}

/** @returns `undefined` when there is no such server */
export async function describeDatabase(
  aws: Aws,
  region: string,
  name: string,
): Promise<Database | undefined> {
  const found = await absent(
    aws(region, 'rds describe-db-instances', { DBInstanceIdentifier: name }),
    'DBInstanceNotFound',
    'DBInstanceNotFoundFault',
  );
  const [instance] = (found as DescribeDatabases | undefined)?.DBInstances ?? [];
  return instance && { status: instance.DBInstanceStatus, isProtected: instance.DeletionProtection };
}

/** Lets a database server be deleted. */
export async function unprotectDatabase(aws: Aws, region: string, name: string): Promise<void> {
  await aws(region, 'rds modify-db-instance', {
    DBInstanceIdentifier: name,
    DeletionProtection: false,
    ApplyImmediately: true,
  });
}

/** The snapshots that somebody, or the deletion of the server, has made of a database. */
export async function snapshotsOf(aws: Aws, region: string, name: string): Promise<string[]> {
  const { DBSnapshots } = (await aws(region, 'rds describe-db-snapshots', {
    DBInstanceIdentifier: name,
    SnapshotType: 'manual',
  })) as { DBSnapshots: { DBSnapshotIdentifier: string }[] };
  return DBSnapshots.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier);
}

/** The backups that RDS keeps of a server that is gone, by the id with which each is deleted. */
export async function keptBackupsOf(aws: Aws, region: string, name: string): Promise<string[]> {
  const found = (await absent(
    aws(region, 'rds describe-db-instance-automated-backups', { DBInstanceIdentifier: name }),
    'DBInstanceAutomatedBackupNotFound',
    'DBInstanceAutomatedBackupNotFoundFault',
  )) as { DBInstanceAutomatedBackups: { Status: string; DbiResourceId: string }[] } | undefined;
  return (found?.DBInstanceAutomatedBackups ?? [])
    .filter(({ Status }) => Status === 'retained')
    .map(({ DbiResourceId }) => DbiResourceId);
}
