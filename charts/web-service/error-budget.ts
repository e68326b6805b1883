import { type PropProblem, refusal } from '../props-error.ts';
import type { Objective } from './requests.ts';

/**
 * The edges of the buckets in which the mesh counts response times, in milliseconds.
 *
 * @see https://github.com/linkerd/linkerd2-proxy/blob/main/linkerd/metrics/src/latency.rs
 */
export const LATENCY_EDGES = [
  1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1000, 2000, 3000, 4000, 5000, 10_000, 20_000,
  30_000, 40_000, 50_000,
] as const;

/**
 * What users may count on, over 30 days. What is left to 100 % is the error budget; alerts fire by how fast it is spent.
 */
export interface Objectives {
  /** Requests that succeed, in percent: from 95 to 99.99. @default 99 */
  successPercent?: number;
  /** Requests that are answered in time, in percent: from 95 to 99.99. @default 99 */
  inTimePercent?: number;
  /** Milliseconds that are in time: an edge of the mesh's buckets, since between two nothing is counted. @default 500 */
  inTimeMilliseconds?: (typeof LATENCY_EDGES)[number];
}

/**
 * Under 93.1 % no share of bad requests would be 14.4 times what is allowed, and nobody would ever be woken. Over 99.99 %
 * the budget is four minutes a month: nobody is awake by then.
 */
const PERCENT = { min: 95, max: 99.99 };

/** What in the objectives makes no sense. */
export function objectivesProblems(objectives: Objectives = {}): PropProblem[] {
  const { inTimeMilliseconds } = objectives;
  const problems = (['successPercent', 'inTimePercent'] as const).flatMap((name) => {
    const percent = objectives[name];
    if (percent === undefined || (percent >= PERCENT.min && percent <= PERCENT.max)) return [];
    return [
      refusal(`objectives.${name}`, percent, `a number from ${PERCENT.min} to ${PERCENT.max} (percent)`),
    ];
  });
  // The type says so too.
  if (inTimeMilliseconds !== undefined && !LATENCY_EDGES.includes(inTimeMilliseconds)) {
    const under = LATENCY_EDGES.findLast((edge) => edge < inTimeMilliseconds);
    const over = LATENCY_EDGES.find((edge) => edge > inTimeMilliseconds);
    const near = [under, over].filter((edge) => edge !== undefined).join(' or ');
    const allowed = `an edge of the mesh’s buckets (milliseconds), such as ${near || 500}: between two nothing is counted`;
    problems.push(refusal('objectives.inTimeMilliseconds', inTimeMilliseconds, allowed));
  }
  return problems;
}

/** The share of requests that may be bad: 0.01 where 99 % are promised. */
export function budget(objectives: Required<Objectives>, objective: Objective): number {
  const percent = objective === 'success' ? objectives.successPercent : objectives.inTimePercent;
  // 100 - 99.9 is a little less than 0.1.
  return Number(((100 - percent) / 100).toFixed(8));
}

/** What is promised, for a person: `99 % of the requests succeed`. */
export function promise(objectives: Required<Objectives>, objective: Objective): string {
  const { successPercent, inTimePercent, inTimeMilliseconds } = objectives;
  return objective === 'success'
    ? `${successPercent} % of the requests succeed`
    : `${inTimePercent} % of the requests are answered within ${inTimeMilliseconds} ms`;
}
