// How a new image reaches the users of an app: the three ways, and what can be set of each.
import { z } from 'zod';
import { refusal } from './refusal.ts';
import { byKey, list, object, oneOf } from './shapes.ts';
import { cidr, httpUrl, latencyEdge, percentage, urlPath, wholeNumber } from './values.ts';

const STRATEGIES = ['canary', 'blueGreen', 'rolling'] as const;

/** Fewer seconds hold no two scrapes of the mesh's proxies, which come every 10 s, and a rate needs two. */
const SHORTEST_WINDOW_SECONDS = 20;
const TWO_SCRAPES = 'seconds; a shorter window holds no two scrapes of the mesh, so every check would fail';

/** The weights of even steps: Flagger adds one until the maximum is reached or passed. */
const lastStep = (step: number, max: number) => Math.min(100, Math.ceil(max / step) * step);

const evenWeights = object({
  /** How much each step adds, in percent of the traffic. */
  step: wholeNumber(1, 100, 'percent'),
  /** The weight after which the release is promoted, in percent: one that the steps reach. */
  max: wholeNumber(1, 100, 'percent'),
}).check(({ value: { step, max }, issues }) => {
  if (step > max) {
    const message = refusal(max, `a whole number from ${step} to 100 (percent; at least "step")`);
    issues.push({ code: 'custom', path: ['max'], input: max, message });
    return;
  }
  const last = lastStep(step, max);
  if (last === max) return;
  const under = Math.floor(max / step) * step;
  const message = refusal(
    max,
    `a weight that steps of ${step} reach, such as ${under} or ${last}: they end at ${last}`,
  );
  issues.push({ code: 'custom', path: ['max'], input: max, message });
});

const listedWeights = list(wholeNumber(1, 100, 'percent'), { of: 'rising percentages', min: 1 }).check(
  ({ value, issues }) => {
    for (const [index, weight] of value.entries()) {
      const before = value[index - 1];
      if (before === undefined || weight > before) continue;
      // Flagger looks a weight up by its value to find the next one: it would never get past this one.
      const message = refusal(
        weight,
        `more than ${before}, the weight before it (else the canary hangs for ever)`,
      );
      issues.push({ code: 'custom', path: [index], input: weight, message });
    }
  },
);

const weights = z.union([evenWeights, listedWeights], {
  error: ({ input }) =>
    refusal(input, 'an object with "step" and "max", or a list of rising percentages', {
      wanted: 'an object',
    }),
});

const loadTest = object({
  /**
   * How many requests the load tester sends.
   *
   * @default 10 a second
   */
  requestsPerSecond: wholeNumber(1, 1000, 'a second').optional(),
  /**
   * What it asks for, by GET.
   *
   * @default /
   */
  path: urlPath().optional(),
});

const gate = z.union([oneOf(['manual']), object({ url: httpUrl() })], {
  error: ({ input }) => refusal(input, '"manual", or an object with "url"', { wanted: 'an object' }),
});

const gates = object({
  /** Who must say yes before the release starts: a person (`manual`), or whoever answers at a URL. */
  rollout: gate.optional(),
  /** Who must say yes before the new version is promoted. */
  promotion: gate.optional(),
  /**
   * How long a yes may take at each gate, in minutes. Flagger waits for ever; Flux does not.
   *
   * @default 60 minutes
   */
  waitMinutes: wholeNumber(1, undefined, 'minutes').optional(),
}).check(({ value, value: { rollout, promotion }, issues }) => {
  const refuse = (path: string[], input: unknown, allowed: string) =>
    issues.push({ code: 'custom', path, input, message: refusal(input, allowed) });
  if (rollout === undefined && promotion === undefined)
    refuse([], value, '"rollout" or "promotion", or both');
  if (rollout === 'manual' && promotion === 'manual') {
    refuse(
      ['promotion'],
      promotion,
      'an object with "url": "rollout" is a person\'s already, and the load tester keeps one gate for each release',
    );
  }
});

/** What a new version must keep to, and for how long. */
const judged = {
  /**
   * The time between two checks, in seconds.
   *
   * @default 60 seconds
   */
  intervalSeconds: wholeNumber(SHORTEST_WINDOW_SECONDS, undefined, TWO_SCRAPES).default(60),
  /**
   * The time that a check looks back on, in seconds; at most the interval.
   *
   * @default the interval
   */
  windowSeconds: wholeNumber(SHORTEST_WINDOW_SECONDS, undefined, TWO_SCRAPES).optional(),
  /**
   * How many failed checks roll a release back; they need not follow each other. At least 1: Flagger takes 0 for 1.
   *
   * @default 5
   */
  threshold: wholeNumber(1, undefined, 'Flagger takes 0 for 1').default(5),
  /**
   * A check fails when fewer requests than this succeeded, in percent.
   *
   * @default 99 %
   */
  minSuccessPercent: percentage().default(99),
  /**
   * A check fails when more than 1 % of the requests took longer than this, in milliseconds. On an edge of
   * Linkerd's latency buckets: off an edge, PromQL interpolates.
   *
   * @default 500 ms
   */
  maxP99Milliseconds: latencyEdge().default(500),
  /**
   * How long the pods of a new version, and later those of the primary, may take to become ready, in seconds.
   *
   * @default 600 seconds
   */
  readySeconds: wholeNumber(1, undefined, 'seconds').optional(),
  /**
   * How much of the traffic returns to the primary at each interval once the release is promoted, in percent.
   *
   * @default 25 %
   */
  promotionStep: wholeNumber(1, 100, 'percent').optional(),
  /**
   * Who must say yes before the release starts, or before it is promoted.
   *
   * @default nobody
   */
  gates: gates.optional(),
};

interface Windows {
  value: { intervalSeconds: number; windowSeconds?: number | undefined };
  issues: z.core.$ZodRawIssue[];
}

/** A window longer than the interval counts requests that came at the weight before. */
function checkWindow({ value: { intervalSeconds, windowSeconds }, issues }: Windows): void {
  if (windowSeconds === undefined || windowSeconds <= intervalSeconds) return;
  const message = refusal(
    windowSeconds,
    `a whole number from ${SHORTEST_WINDOW_SECONDS} to ${intervalSeconds} (seconds; a window longer than the interval mixes the weights of two steps)`,
  );
  issues.push({ code: 'custom', path: ['windowSeconds'], input: windowSeconds, message });
}

/** How a new image reaches the users. */
export const release = z.discriminatedUnion(
  'strategy',
  [
    object({
      /** Traffic moves to a new image step by step, while Flagger watches errors and response times. */
      strategy: z.literal('canary'),
      /**
       * The share of traffic at each step: even steps, or a list such as `[1, 5, 20, 50]`.
       *
       * @default steps of 10 % up to 50 %
       */
      weights: weights.default({ step: 10, max: 50 }),
      ...judged,
      /**
       * Requests beside those of the users, so that no check is without any: an empty one counts as failed. `false` is for
       * an app whose users are never still, not even at 1 % of them.
       *
       * @default 10 a second to `/`
       */
      loadTest: z
        .union([z.literal(false), loadTest], {
          error: ({ input }) =>
            refusal(input, 'false, or an object with "requestsPerSecond", "path"', { wanted: 'an object' }),
        })
        .optional(),
    }).check(checkWindow),
    object({
      /**
       * The new version is tested beside the old one, which serves all users until every check has passed; then all of
       * them move at once.
       */
      strategy: z.literal('blueGreen'),
      /**
       * The checks that must pass before users are moved; one more follows with all of them on the new version.
       *
       * @default 5
       */
      iterations: wholeNumber(1).optional(),
      ...judged,
      /**
       * The requests that the new version is judged by: no user's reach it before.
       *
       * @default 10 a second to `/`
       */
      loadTest: loadTest.optional(),
      /**
       * An address that reaches the new version alone while it is tested: `<subdomain>-preview.<domain of the ring>`.
       *
       * @default none
       */
      preview: object({
        /**
         * The addresses from which it may be called, as IPv4 ranges.
         *
         * @default everywhere
         */
        allowFrom: list(cidr(), { of: 'IPv4 ranges', min: 1 }).optional(),
      }).optional(),
    }).check(checkWindow),
    object({
      /** Kubernetes' own rolling update: pods are replaced as they become ready, and nobody watches errors. */
      strategy: z.literal('rolling'),
    }),
  ],
  byKey('strategy', STRATEGIES),
);
