// What can be wrong between a cluster's record and what AWS takes.
import { infrastructure } from '../infrastructure.ts';
import { appIdentities } from '../pod-identities.ts';
import type { Cluster, Platform } from '../schema.ts';
import type { Finding } from './cross-checks.ts';
import { DATABASE_INSTANCES, type DatabaseInstance, mostConnections } from './database-instances.ts';
import { show } from './refusal.ts';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_ROLE = 64;

/**
 * Clusters that AWS could not make as they are described.
 *
 * @param platform one with no other mistake
 */
export function checkInfrastructure(platform: Platform): Finding[] {
  return platform.clusters.flatMap((cluster, index) => [
    ...strangeAccount(platform, cluster, index),
    ...smallDatabase(platform, cluster, index),
    ...longRoles(platform, cluster, index),
  ]);
}

/** A ring's domain is one hosted zone, in one account: a cluster of another could not write its names there. */
function strangeAccount({ clusters }: Platform, { account, ring }: Cluster, index: number): Finding[] {
  const first = clusters.find((other) => other.ring === ring);
  if (first === undefined || first.account === account) return [];
  const says = `found ${show(account)}; allowed: ${show(first.account)}, the account of ${first.name}, since all clusters of ${ring} share one domain. A ring of its own may have an account of its own`;
  return [{ path: ['clusters', index, 'account'], says }];
}

/** More connections promised than the server takes. */
function smallDatabase(platform: Platform, cluster: Cluster, index: number): Finding[] {
  const { maxConnections, instance } = infrastructure(platform, cluster).database;
  const most = mostConnections(instance);
  if (maxConnections <= most) return [];
  const enough = (Object.keys(DATABASE_INSTANCES) as DatabaseInstance[]).find(
    (choice) => mostConnections(choice) >= maxConnections,
  );
  const larger = enough === undefined ? '' : `, or ${show(enough)} as "database.instance"`;
  const says = `found ${maxConnections}; allowed: at most ${most} on a ${instance}${larger}`;
  return [{ path: ['clusters', index, 'database', 'maxConnections'], says }];
}

/** An app whose role in AWS would have too long a name. */
function longRoles(platform: Platform, cluster: Cluster, index: number): Finding[] {
  return appIdentities(platform, cluster).flatMap(({ name, app }) => {
    const role = `${cluster.name}-${name}`;
    if (role.length <= LONGEST_ROLE) return [];
    const says = `found ${show(app)}, whose IAM role would be ${show(role)}; allowed: names that make it at most ${LONGEST_ROLE} long`;
    return [{ path: ['clusters', index, 'apps', cluster.apps.indexOf(app)], says }];
  });
}
