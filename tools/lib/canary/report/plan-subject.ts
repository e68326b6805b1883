import type { Traffic } from '../odds/analysis.ts';
import { type Assumptions, defaultLoadSees } from '../odds/assumptions.ts';
import { type Plan, type Planned, planCanary } from '../odds/plan.ts';
import type { Limits, Subject } from './subject.ts';
import { breaches, warnings } from './warnings.ts';

/** What a person says of all canaries at once, in place of what is known of each. */
export interface PlanOptions {
  /** Without a load tester's part, which differs from canary to canary. */
  assumptions: Omit<Assumptions, 'loadSees'>;
  /** @default what suits the canary: {@link defaultLoadSees} */
  loadSees?: number | undefined;
  /** The share of users that an A/B test matches, from 0 to 1. */
  matched: number;
  /**
   * Seconds between two readings of the counters: a window sees what came between its first and its last one, which is so
   * much less. @default 0: all that came in the window
   */
  scrapeSeconds?: number | undefined;
  /** Requests of the load tester a second. @default what the Canary's hooks say */
  loadPerSecond?: number | undefined;
}

/** What there is to say of one Canary. This is what `--json` prints of each. */
export interface CanaryReport {
  where: string;
  title: string;
  group: string;
  /** Why there are no odds. */
  refused: string[];
  traffic: Subject['traffic'];
  limits: Limits;
  assumptions: Assumptions | undefined;
  plan: Plan | undefined;
  /** What is worse than its limits. */
  breaches: string[];
  warnings: string[];
  notes: string[];
}

/** A report, and what plots and joint odds are made of. */
export interface PlannedSubject {
  report: CanaryReport;
  subject: Subject;
  planned: Planned | undefined;
}

/** Plans one Canary. */
export function planSubject(subject: Subject, options: PlanOptions): PlannedSubject {
  const { where, title, group, read, limits } = subject;
  const report: CanaryReport = {
    where,
    title,
    group,
    refused: read.problems,
    traffic: subject.traffic,
    limits,
    assumptions: undefined,
    plan: undefined,
    breaches: [],
    warnings: [],
    notes: read.notes,
  };
  if (read.analysis === undefined) return { report, subject, planned: undefined };
  const { loadPerSecond, scrapeSeconds = 0 } = options;
  const { intervalSeconds, loadTest } = read.analysis;
  const asked = { seconds: intervalSeconds, fromStart: true, ...loadTest };
  const analysis = {
    ...read.analysis,
    metrics: read.analysis.metrics.map((metric) => ({
      ...metric,
      windowSeconds: metric.windowSeconds - scrapeSeconds,
    })),
    ...(loadPerSecond !== undefined && { loadTest: { ...asked, requestsPerSecond: loadPerSecond } }),
  };
  if (analysis.metrics.some(({ windowSeconds }) => windowSeconds <= 0)) {
    const refused = [`spec.analysis.metrics: a window that holds no two readings ${scrapeSeconds} s apart`];
    return { report: { ...report, refused }, subject, planned: undefined };
  }
  const assumptions = {
    ...options.assumptions,
    loadSees: options.loadSees ?? defaultLoadSees(analysis),
  };
  const traffic: Traffic = {
    requestsPerSecond: subject.traffic.requestsPerSecond,
    matched: options.matched,
  };
  try {
    const planned = planCanary(analysis, traffic, assumptions);
    const { plan } = planned;
    return {
      subject,
      planned,
      report: {
        ...report,
        assumptions,
        plan,
        breaches: breaches(plan, assumptions, limits),
        warnings: warnings(plan, assumptions, subject),
      },
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      report: { ...report, refused: [`spec.analysis: ${error.message}`] },
      subject,
      planned: undefined,
    };
  }
}
