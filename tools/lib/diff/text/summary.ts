import { count } from '../../count.ts';
import type { ClusterChanges, FlagKind, Report } from '../report.ts';
import { alerts } from './group.ts';
import { names } from './names.ts';
import { visible } from './visible.ts';

/** How many things that happen fit into one line. */
const MOST = 5;

/** How many objects of a cluster, or of several, were added, removed and changed. */
export function totals(clusters: readonly ClusterChanges[]): Record<'added' | 'removed' | 'changed', number> {
  const all = clusters.flatMap(({ objects }) => objects);
  const of = (change: string) => all.filter((one) => one.change === change).length;
  return { added: of('added'), removed: of('removed'), changed: of('changed') };
}

/** What happens, in one line: `2 clusters: 1 object added, 4 changed; pods of conduit restart in dev-eu-west-1`. */
export function summary(report: Report): string {
  const all = happenings(report);
  const told =
    all.length > MOST ? [...all.slice(0, MOST - 1), `${all.length - MOST + 1} more of the kind`] : all;
  return [numbers(report), ...told, ...alarms(report)].join('; ');
}

/** How much changes: `2 clusters: 1 object added, 4 changed`. */
export function numbers({ clusters, unchanged }: Report): string {
  if (clusters.length === 0) return `nothing changes in ${count(unchanged.length, 'cluster')}`;
  const objects = Object.entries(totals(clusters))
    .filter(([, number]) => number > 0)
    .map(([change, number], index) =>
      index === 0 ? `${count(number, 'object')} ${change}` : `${number} ${change}`,
    );
  const files = clusters.reduce((sum, { files: own }) => sum + own.length, 0);
  const parts = [...objects, ...(files > 0 ? [`${count(files, 'other file')} changed`] : [])];
  const told = parts.length === 0 ? 'no object changes' : parts.join(', ');
  return `${count(clusters.length, 'cluster')}: ${told}`;
}

/** What users and their pods will notice, one sentence each. */
export function happenings(report: Report): string[] {
  return [
    ...wherever(report, ['canary'], (apps) =>
      apps.length === 1 ? `a canary of ${apps[0]} starts` : `canaries of ${names(apps)} start`,
    ),
    ...wherever(report, ['restart', 'downtime'], (apps) => `pods of ${names(apps)} restart`),
    ...wherever(report, ['immutable'], (apps) => `the apply of ${names(apps)} fails`),
    ...wherever(report, ['replaced'], (apps) => `${names(apps)} is deleted and made again`),
    ...wherever(
      report,
      ['outage'],
      (apps) => `${names(apps)} ${apps.length === 1 ? 'stops' : 'stop'} serving`,
    ),
  ];
}

/** What flags of a kind say, for each set of apps with its clusters. */
function wherever(
  { clusters }: Report,
  kinds: readonly FlagKind[],
  says: (apps: string[]) => string,
): string[] {
  const flagged = clusters.map(({ cluster, objects }) => ({
    cluster,
    apps: [
      ...new Set(
        objects.flatMap(({ name, flags }) =>
          flags
            .filter(({ kind }) => kinds.includes(kind))
            .flatMap(({ of }) => of ?? [name])
            .map(visible),
        ),
      ),
    ],
  }));
  const groups = Map.groupBy(
    flagged.filter(({ apps }) => apps.length > 0),
    ({ apps }) => apps.join(),
  );
  return [...groups.values()].map(
    (same) => `${says(same[0]?.apps ?? [])} in ${names(same.map(({ cluster }) => visible(cluster)))}`,
  );
}

function alarms(report: Report): string[] {
  const [dangers, others] = [alerts(report, 'danger').length, alerts(report, 'warning').length];
  const told = [dangers && count(dangers, 'danger'), others && count(others, 'warning')].filter(Boolean);
  return told.length === 0 ? [] : [told.join(', ')];
}
