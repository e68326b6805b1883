import type { Metric } from '../canary/odds/analysis.ts';
import { toleratedOf } from '../canary/odds/analysis.ts';
import { bucketQuantile } from './latency-buckets.ts';

/** Whose request it was. */
export type Source = 'users' | 'loadTester';

/** A request that has arrived at the new version, as the mesh would count it. */
export interface Sample {
  /** When it was answered, by `performance.now()`. */
  at: number;
  source: Source;
  failed: boolean;
  milliseconds: number;
}

/** What a check saw. */
export interface Seen {
  passes: boolean;
  /** Percent of the users' requests, or where there were none of the load tester's, that succeeded. */
  successPercent: number | undefined;
  /** Their P99 in milliseconds. */
  p99: number | undefined;
  /** Requests in the window. */
  requests: number;
}

/** The requests that have arrived at a version, for as long as a check may look back. */
export class Observed {
  private samples: Sample[] = [];

  add(sample: Sample): void {
    this.samples.push(sample);
  }

  /** Forgets all: another version is judged. */
  clear(): void {
    this.samples = [];
  }

  /**
   * Judges a version as the metric templates do: the users' requests and the load tester's apart, of which the worse stands; no
   * request at all counts against it.
   *
   * @param metrics what must hold
   * @param now by `performance.now()`
   * @param speed how much faster than life the rehearsal goes: windows are as much shorter
   */
  check(metrics: readonly Metric[], now: number, speed: number): Seen {
    const longest = Math.max(0, ...metrics.map(({ windowSeconds }) => windowSeconds));
    this.samples = this.samples.filter(({ at }) => at > now - (longest * 1000) / speed);
    const within = ({ windowSeconds }: Metric) =>
      this.samples.filter(({ at }) => at > now - (windowSeconds * 1000) / speed);
    const shown = this.samples.filter(({ source }) => source === 'users');
    const users = shown.length > 0 ? shown : this.samples;
    const failed = users.filter((sample) => sample.failed).length;
    return {
      passes: metrics.every((metric) => holds(metric, within(metric))),
      successPercent: users.length === 0 ? undefined : 100 * (1 - failed / users.length),
      p99: bucketQuantile(
        users.map(({ milliseconds }) => milliseconds),
        0.99,
      ),
      requests: this.samples.length,
    };
  }
}

function holds(metric: Metric, samples: readonly Sample[]): boolean {
  if (samples.length === 0) return false;
  const groups = Map.groupBy(samples, ({ source }) => (metric.whose === 'together' ? 'all' : source));
  if (metric.whose === 'users') groups.delete('loadTester');
  return groups.size > 0 && [...groups.values()].every((group) => holdsFor(metric, group));
}

function holdsFor({ counts, tolerated, maxMilliseconds }: Metric, samples: readonly Sample[]): boolean {
  if (counts === 'failed') {
    return samples.filter(({ failed }) => failed).length <= toleratedOf(samples.length, tolerated);
  }
  const time = bucketQuantile(
    samples.map(({ milliseconds }) => milliseconds),
    1 - tolerated,
  );
  return maxMilliseconds === undefined || (time !== undefined && time <= maxMilliseconds);
}
