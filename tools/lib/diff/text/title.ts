import type { Base } from '../git.ts';
import type { ClusterChanges, Report } from '../report.ts';
import type { Section } from './group.ts';
import { visible } from './visible.ts';

/** What was compared with what. */
export function comparedWith({ ref, commit, mergeBase }: Base): string {
  return `${visible(ref)} at ${commit.slice(0, 10)}${mergeBase ? ', where this branch left it' : ''}`;
}

/** The clusters of a section, counted where they are all there are. */
export function clustersOf(section: Section, report: Report): string {
  const all = report.clusters.length + report.unchanged.length;
  const told = section.clusters.map(visible).join(', ');
  const whole = wholeCluster(section, report);
  if (whole) return `${told} (${whole.change === 'added' ? 'new' : 'removed'})`;
  return all > 1 && section.clusters.length === all ? `all ${all} clusters: ${told}` : told;
}

/** The cluster that comes or goes as a whole, where a section is about one. */
export function wholeCluster(section: Section, report: Report): ClusterChanges | undefined {
  return report.clusters.find(
    ({ cluster, change }) => change !== 'changed' && section.clusters.includes(cluster),
  );
}
