// How a new image reaches the users of a web service: the three ways, and what can be set.

/** How a new image reaches the users of a web service. */
export type ReleaseStrategy = CanaryRelease | BlueGreenRelease | RollingRelease;

/** A release that Flagger judges before it reaches everybody. */
export type JudgedRelease = CanaryRelease | BlueGreenRelease;

/** Traffic moves to the new version step by step while its success rate and its P99 hold. */
export interface CanaryRelease extends Judgement {
  strategy: 'canary';
  /**
   * Percent of the traffic at each step: equal steps up to a maximum, or each one named, rising.
   *
   * @default steps of 10 up to 50
   */
  weights?: { step: number; max: number } | readonly number[];
  /**
   * Requests that the load tester adds to the users', so that no check is without numbers: an empty one counts as
   * failed. `false` is for a service whose users are never still, not even at 1 % of them.
   *
   * @default 10 a second to `/`
   */
  loadTest?: LoadTest | false;
}

/**
 * The new version is tested beside the old one, which serves all users until every check has passed; then all of them move
 * at once.
 */
export interface BlueGreenRelease extends Judgement {
  strategy: 'blueGreen';
  /**
   * Checks that must pass before users are moved; one more follows with all of them on the new version.
   *
   * @default 5
   */
  iterations?: number;
  /**
   * An address that reaches the new version alone, for testers, from the first check on. Between releases nothing answers
   * there. With a gate before the promotion, testers have as long as they need.
   *
   * @default none
   */
  preview?: Preview;
  /**
   * The requests that the new version is judged by: no user's reach it before it is promoted.
   *
   * @default 10 a second to `/`
   */
  loadTest?: LoadTest;
}

/** Kubernetes replaces the pods one by one; nobody judges the new version but its probes. */
export interface RollingRelease {
  strategy: 'rolling';
}

/** What a new version must keep to, and for how long. */
interface Judgement {
  /**
   * Seconds between two checks. At least {@link SHORTEST_WINDOW_SECONDS}.
   *
   * @default 60
   */
  intervalSeconds?: number;
  /**
   * Seconds that a check looks back over. At most the interval, or a check would count requests that came at the weight
   * before.
   *
   * @default the interval
   */
  windowSeconds?: number;
  /**
   * Failed checks after which the release is rolled back. They need not follow each other: one that passes forgives none.
   *
   * @default 5
   */
  threshold?: number;
  /**
   * A check fails when fewer requests than this succeeded, in percent.
   *
   * @default 99
   */
  minSuccessPercent?: number;
  /**
   * A check fails when the slowest percent of the requests takes longer than this. The mesh counts in buckets; on the edge
   * of one (…, 100, 200, 300, 400, 500, 1000, …) it is exact, between two it is a guess.
   *
   * @default 500
   */
  maxP99Milliseconds?: number;
  /**
   * Seconds in which the pods of the new version, and later those of the primary, must become ready.
   *
   * @default 600, Flagger's own
   */
  readySeconds?: number;
  /**
   * Percent by which the traffic returns to the primary at each tick of the promotion. Its autoscaler may have shrunk it
   * while the new version took its load, so that all at once would find too few pods.
   *
   * @default 25
   */
  promotionStep?: number;
  /** Who must say yes before the release starts, or before it is promoted. @default nobody */
  gates?: Gates;
  /**
   * Whether releases are in a hurry: once the pods of the new version are ready, Flagger has those that serve replaced, and
   * judges nothing. For a roll-back.
   *
   * @default false
   */
  skipAnalysis?: boolean;
}

/**
 * The points at which a release waits for a yes. One that waits to be promoted is checked on, and can be rolled back.
 *
 * Only one of the two can be a person's: the load tester keeps one gate for each canary.
 */
export type Gates = ({ rollout: Gate; promotion?: GateUrl } | { rollout?: GateUrl; promotion: Gate }) & {
  /**
   * How long a yes may take at each gate. Flagger waits for ever; this is for those who wait for the release.
   *
   * @default 60
   */
  waitMinutes?: number;
};

/**
 * Who says yes: a person, by opening the load tester's gate (`POST /gate/open` with the Canary's `name` and `namespace`;
 * it closes when the release has ended), or whoever answers at a URL, by a status up to 202.
 */
export type Gate = 'manual' | GateUrl;

export interface GateUrl {
  url: string;
}

export interface LoadTest {
  /** @default 10 */
  requestsPerSecond?: number;
  /** What is asked for, by GET. @default / */
  path?: string;
}

export interface Preview {
  /** The DNS name that testers type. */
  host: string;
  /** CIDRs from which it may be called. @default everywhere */
  allowFrom?: readonly string[];
}

/** Fewer seconds hold no two scrapes of the mesh's proxies, which come every 10 s, and a rate needs two. */
export const SHORTEST_WINDOW_SECONDS = 20;

const DEFAULT_WEIGHTS = { step: 10, max: 50 };

/** A release's settings with every default filled in, but for those of one strategy alone. */
export function judgement(release: JudgedRelease) {
  const intervalSeconds = release.intervalSeconds ?? 60;
  return {
    intervalSeconds,
    windowSeconds: release.windowSeconds ?? intervalSeconds,
    threshold: release.threshold ?? 5,
    minSuccessPercent: release.minSuccessPercent ?? 99,
    maxP99Milliseconds: release.maxP99Milliseconds ?? 500,
    readySeconds: release.readySeconds ?? 600,
    promotionStep: release.promotionStep ?? 25,
    loadTest: release.loadTest === false ? undefined : loadTest(release.loadTest),
  };
}

function loadTest({ requestsPerSecond, path }: LoadTest = {}): Required<LoadTest> {
  return { requestsPerSecond: requestsPerSecond ?? 10, path: path ?? '/' };
}

/** What a canary's weights are where none are given. */
export function weightsOf({ weights }: CanaryRelease): NonNullable<CanaryRelease['weights']> {
  return weights ?? DEFAULT_WEIGHTS;
}

/** The checks of a blue/green release before users are moved. */
export function iterationsOf({ iterations }: BlueGreenRelease): number {
  return iterations ?? 5;
}

/** The weights that a canary goes through, in percent: Flagger adds steps until it has reached the maximum. */
export function weightSequence(release: CanaryRelease): number[] {
  const weights = weightsOf(release);
  if (!('step' in weights)) return [...weights];
  const { step, max } = weights;
  const steps = Math.ceil(Math.min(100, max) / step);
  return Array.from({ length: steps }, (_, index) => Math.min(100, step * (index + 1)));
}
