import {
  type Analysis,
  loadInWindow,
  type Metric,
  type Quality,
  type Release,
  toleratedOf,
} from './analysis.ts';
import { atMostAlong, good } from './binomial-along.ts';
import { binomial, type Counts, poisson, trimmed } from './counts.ts';

/** What a check has to look at. */
export interface Exposure {
  /** Users' requests a second to the new version. */
  requestsPerSecond: number;
  /** Whether the load tester has sent any since the tick before. */
  hasLoad: boolean;
}

/** Metrics that look back over the same time on the same requests. */
export interface Window {
  seconds: number;
  whose: Metric['whose'];
  /** The strictest of those that count failed requests: where it holds, so do the others. */
  failed: Metric | undefined;
  /** The strictest of those that count slow ones. */
  slow: Metric | undefined;
  /** Users' requests. */
  users: Counts;
  /** The load tester's. */
  load: number;
}

/** The windows of a check. Metrics of one window see the same requests; those of two are taken to see different ones. */
export function windowsOf(analysis: Analysis, { requestsPerSecond, hasLoad }: Exposure): Window[] {
  const alike = Map.groupBy(analysis.metrics, ({ windowSeconds, whose }) => `${windowSeconds} ${whose}`);
  return [...alike.values()].flatMap((metrics) => {
    const [first] = metrics;
    if (first === undefined) return [];
    const { windowSeconds: seconds, whose } = first;
    return {
      seconds,
      whose,
      failed: strictest(metrics, 'failed'),
      slow: strictest(metrics, 'slow'),
      users: poisson(requestsPerSecond * seconds),
      load: hasLoad && whose !== 'users' ? loadInWindow(analysis, seconds) : 0,
    };
  });
}

function strictest(metrics: readonly Metric[], counts: Metric['counts']): Metric | undefined {
  const alike = metrics.filter((metric) => metric.counts === counts);
  return alike.sort((a, b) => a.tolerated - b.tolerated)[0];
}

/**
 * The chance that a check passes.
 *
 * @param windows all that it looks at
 */
export function passChance(windows: readonly Window[], release: Release): number {
  return windows.reduce((chance, window) => chance * passOfWindow(window, release), 1);
}

/** The chance that the metrics of a window hold. */
export function passOfWindow({ failed, slow, users, load }: Window, release: Release): number {
  const ofFailed = failed && passGivenUsers(failed, users, load, release);
  const ofSlow = slow && passGivenUsers(slow, users, load, release);
  let sum = 0;
  for (let index = 0; index < users.chances.length; index += 1) {
    sum += (users.chances[index] as number) * (ofFailed?.[index] ?? 1) * (ofSlow?.[index] ?? 1);
  }
  return Math.min(1, sum);
}

/** For each number of users' requests in a window, the chance that a metric holds. No request at all counts against it. */
export function passGivenUsers(
  metric: Metric,
  { from, chances: { length } }: Counts,
  load: number,
  release: Release,
): Float64Array {
  const { tolerated, whose, counts } = metric;
  const [share, loadShare] = [release.users[counts], release.loadTest[counts]];
  if (whose === 'together') return together(metric, { from, length }, load, share, loadShare);
  const chances = atMostAlong(from, length, share, (requests) => toleratedOf(requests, tolerated));
  if (from === 0) chances[0] = whose === 'apart' && load > 0 ? 1 : 0;
  if (whose === 'users') return chances;
  const loadPasses = loadChance(metric, load, release.loadTest);
  return loadPasses === 1 ? chances : chances.map((chance) => chance * loadPasses);
}

/** The chance that what a metric sees of the load tester's requests alone holds; with none of them nothing is against it. */
export function loadChance({ tolerated, counts }: Metric, load: number, quality: Quality): number {
  return good(load, quality[counts], toleratedOf(load, tolerated));
}

/** Users' requests and the load tester's in one number, of which each has a share of bad ones of its own. */
function together(
  { tolerated }: Metric,
  { from, length }: { from: number; length: number },
  load: number,
  share: number,
  loadShare: number,
): Float64Array {
  const allowed = (requests: number) => toleratedOf(requests + load, tolerated);
  const chances = atMostAlong(from, length, share, allowed, trimmed(binomial(load, loadShare)));
  if (from === 0 && load === 0) chances[0] = 0;
  return chances;
}
