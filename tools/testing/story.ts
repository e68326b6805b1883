// A branch's history as tests tell it: what stood in which ring from which minute on, and what Flux said of it.
import { Evidence, type Status } from '../lib/promote/evidence.ts';
import type { Line, Point } from '../lib/promote/timeline.ts';

/** The day on which all stories begin, a Monday. */
export const BEGIN = Date.parse('2026-11-16T00:00Z');

/** A moment of a story, in milliseconds since 1970. */
export function minute(number: number): number {
  return BEGIN + number * 60_000;
}

/** The image of the only app there is, by its version. */
export function image(version: string): string {
  return `ghcr.io/slipway/conduit:${version}`;
}

/** A history of one app, `conduit`, told in order. */
export class Story {
  readonly points: Point[] = [];
  readonly statuses: Status[] = [];
  private readonly lines = new Map<string, Map<string, Line>>();

  /** A commit, with new lines of rings: a version, or a version and why it is pinned. */
  commit(at: number, rings: Record<string, string | [version: string, pinned: string]> = {}): this {
    for (const [ring, line] of Object.entries(rings)) {
      const [version, pinned] = typeof line === 'string' ? [line] : line;
      const entry = { value: image(version), ...(pinned !== undefined && { pinned }) };
      this.lines.set(ring, new Map([['conduit', entry]]));
    }
    const commit = `c${this.points.length}`.padEnd(40, '0');
    const lines = { image: new Map(this.lines), version: new Map() };
    this.points.push({ commit, at: minute(at), lines });
    return this;
  }

  /** What Flux says of a cluster, on the last commit or on one before it. */
  says(at: number, cluster: string, state: Status['state'], commitsAgo = 0): this {
    const { commit = '' } = this.points.at(-1 - commitsAgo) ?? {};
    this.statuses.push({ commit, cluster, kustomization: 'conduit', state, at: minute(at) });
    return this;
  }

  /** Success on clusters, on the last commit. */
  succeeds(at: number, ...clusters: string[]): this {
    for (const cluster of clusters) this.says(at, cluster, 'success');
    return this;
  }

  evidence(): Evidence {
    return new Evidence(this.statuses);
  }

  /** What stands in a ring at the end. */
  line(ring: string): Line {
    return this.lines.get(ring)?.get('conduit') ?? { value: '' };
  }
}
