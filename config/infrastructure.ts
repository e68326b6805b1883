// What a cluster's record says of AWS, once defaults are put in.
import type { DatabaseInstance } from './checks/database-instances.ts';
import type { KubernetesVersion } from './kubernetes-versions.ts';
import { ringSizing } from './per-ring.ts';
import type { Cluster, Platform } from './schema.ts';

/** What a cluster stands on. What each key means is said where it is written: config/checks/aws.ts. */
export interface Infrastructure {
  kubernetes: KubernetesVersion;
  nat: 'one' | 'per-zone';
  interfaceEndpoints: readonly string[];
  publicApiCidrs: readonly string[];
  admins: readonly string[];
  logRetentionDays: number;
  monthlyBudgetUsd: number;
  database: {
    maxConnections: number;
    instance: DatabaseInstance;
    storageGiB: number;
    multiAz: boolean;
    backupDays: number;
    restoreFrom?: string | undefined;
  };
}

type Sizing = Platform['rings'][number]['sizing'];

/** What the two sizes of a platform come to in AWS. */
const BY_SIZING: Readonly<
  Record<
    Sizing,
    Pick<Infrastructure, 'nat' | 'monthlyBudgetUsd'> & {
      database: Omit<Infrastructure['database'], 'maxConnections' | 'restoreFrom'>;
    }
  >
> = {
  small: {
    nat: 'one',
    monthlyBudgetUsd: 500,
    database: { instance: 'db.t4g.medium', storageGiB: 20, multiAz: false, backupDays: 7 },
  },
  'highly-available': {
    nat: 'per-zone',
    monthlyBudgetUsd: 1800,
    database: { instance: 'db.m7g.large', storageGiB: 100, multiAz: true, backupDays: 30 },
  },
};

/**
 * What a cluster stands on, with every default filled in.
 *
 * @param platform one with no mistake
 */
export function infrastructure(platform: Platform, cluster: Cluster): Infrastructure {
  const sized = BY_SIZING[ringSizing(platform, cluster.ring)];
  const { database } = cluster;
  return {
    kubernetes: cluster.kubernetes ?? '1.35',
    nat: cluster.nat ?? sized.nat,
    interfaceEndpoints: cluster.interfaceEndpoints ?? [],
    publicApiCidrs: cluster.publicApiCidrs ?? [],
    admins: cluster.admins ?? [],
    logRetentionDays: cluster.logRetentionDays ?? 30,
    monthlyBudgetUsd: cluster.monthlyBudgetUsd ?? sized.monthlyBudgetUsd,
    database: {
      maxConnections: database.maxConnections,
      instance: database.instance ?? sized.database.instance,
      storageGiB: database.storageGiB ?? sized.database.storageGiB,
      multiAz: database.multiAz ?? sized.database.multiAz,
      backupDays: database.backupDays ?? sized.database.backupDays,
      restoreFrom: database.restoreFrom,
    },
  };
}
