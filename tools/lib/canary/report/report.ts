import type { JointOdds } from '../odds/joint.ts';
import { jointOdds } from '../odds/joint.ts';
import { type Suggestions, suggest } from '../odds/suggest.ts';
import { type CanaryReport, type PlannedSubject, type PlanOptions, planSubject } from './plan-subject.ts';
import type { Subject } from './subject.ts';
import { settings } from './words.ts';

/** What `npm run plan` has to say. Chances and shares are from 0 to 1, times in seconds. */
export interface Report {
  canaries: (CanaryReport & { settings: string | undefined; suggestions?: Suggestions })[];
  /** The canaries that are released together, where there are several. */
  joint: (JointOdds & { group: string; canaries: string[] })[];
}

export interface ReportOptions extends PlanOptions {
  /** Whether settings are searched that keep to the limits. */
  suggest: boolean;
  /** Told which Canary's turn it is. */
  progress?: (title: string) => void;
}

/** Plans Canaries, each and together. */
export function reportOn(
  subjects: readonly Subject[],
  options: ReportOptions,
): { report: Report; planned: PlannedSubject[] } {
  const planned = subjects.map((subject) => planSubject(subject, options));
  return {
    planned,
    report: {
      canaries: planned.map((one) => ({
        ...one.report,
        settings: one.planned && settings(one.planned.model.analysis),
        ...(options.suggest && suggestionsFor(one, options)),
      })),
      joint: jointReports(planned),
    },
  };
}

function suggestionsFor(
  { planned, report }: PlannedSubject,
  { progress }: ReportOptions,
): { suggestions?: Suggestions } {
  if (planned === undefined || report.assumptions === undefined) return {};
  progress?.(`searching settings for ${report.title}`);
  const { analysis, traffic } = planned.model;
  return { suggestions: suggest(analysis, traffic, report.assumptions, report.limits) };
}

function jointReports(planned: readonly PlannedSubject[]): Report['joint'] {
  const groups = Map.groupBy(planned, ({ subject }) => subject.group);
  return [...groups].flatMap(([group, all]) => {
    const odds = all.flatMap(({ planned: one }) => one ?? []);
    // Of a group with one that is refused nothing can be said together.
    if (all.length < 2 || odds.length < all.length) return [];
    return { group, canaries: all.map(({ subject }) => subject.read.name), ...jointOdds(odds) };
  });
}
