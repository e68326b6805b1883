import { type PropProblem, refusal, wholeNumber } from './props-error.ts';
import {
  type CanaryRelease,
  type Gates,
  judgement,
  type LoadTest,
  type Preview,
  type ReleaseStrategy,
  SHORTEST_WINDOW_SECONDS,
  weightSequence,
  weightsOf,
} from './release-strategy.ts';

/** What in a release makes no sense, or would hang: paths begin with `release`. */
export function releaseProblems(release: ReleaseStrategy): PropProblem[] {
  if (release.strategy === 'rolling') return [];
  const { intervalSeconds } = judgement(release);
  return [
    ...wholeNumber('release.intervalSeconds', release.intervalSeconds, {
      min: SHORTEST_WINDOW_SECONDS,
      aside: 'seconds; a shorter window holds no two scrapes of the mesh, so every check would fail',
    }),
    ...wholeNumber('release.windowSeconds', release.windowSeconds, {
      min: SHORTEST_WINDOW_SECONDS,
      max: Math.max(intervalSeconds, SHORTEST_WINDOW_SECONDS),
      aside: 'seconds; a window longer than the interval mixes the weights of two steps',
    }),
    ...wholeNumber('release.threshold', release.threshold, { min: 1, aside: 'Flagger takes 0 for 1' }),
    ...wholeNumber('release.readySeconds', release.readySeconds, { min: 1, aside: 'seconds' }),
    ...wholeNumber('release.promotionStep', release.promotionStep, { min: 1, max: 100, aside: 'percent' }),
    ...successProblems(release.minSuccessPercent),
    ...latencyProblems(release.maxP99Milliseconds),
    ...loadTestProblems(release.loadTest),
    ...gateProblems(release.gates),
    ...(release.strategy === 'canary'
      ? weightProblems(weightsOf(release))
      : [
          ...wholeNumber('release.iterations', release.iterations, { min: 1 }),
          ...previewProblems(release.preview),
        ]),
  ];
}

function weightProblems(weights: NonNullable<CanaryRelease['weights']>): PropProblem[] {
  if ('step' in weights) return stepProblems(weights);
  if (weights.length === 0) return [refusal('release.weights', weights, 'one weight or more')];
  return weights.flatMap((weight, index) => {
    const path = `release.weights[${index}]`;
    const wrong = wholeNumber(path, weight, { min: 1, max: 100, aside: 'percent' });
    const before = weights[index - 1];
    if (wrong.length > 0 || before === undefined || weight > before) return wrong;
    // Flagger looks a weight up by its value to find the next one: it would never get past this one.
    return [
      refusal(path, weight, `more than ${before}, the weight before it (else the canary hangs for ever)`),
    ];
  });
}

function stepProblems({ step, max }: { step: number; max: number }): PropProblem[] {
  const wrong = [
    ...wholeNumber('release.weights.step', step, { min: 1, max: 100, aside: 'percent; 0 hangs for ever' }),
    ...wholeNumber('release.weights.max', max, { min: 1, max: 100, aside: 'percent' }),
  ];
  if (wrong.length > 0) return wrong;
  const reached = weightSequence({ strategy: 'canary', weights: { step, max } });
  const last = reached.at(-1) ?? max;
  if (last === max) return [];
  const under = reached.at(-2);
  const choices = under === undefined ? `${last}` : `${under} or ${last}`;
  return [
    refusal(
      'release.weights.max',
      max,
      `a weight that steps of ${step} reach, such as ${choices}: they end at ${last}`,
    ),
  ];
}

function successProblems(percent: number | undefined): PropProblem[] {
  if (percent === undefined || (percent > 0 && percent <= 100)) return [];
  return [refusal('release.minSuccessPercent', percent, 'a number over 0 and up to 100')];
}

function latencyProblems(milliseconds: number | undefined): PropProblem[] {
  if (milliseconds === undefined || (milliseconds > 0 && Number.isFinite(milliseconds))) return [];
  return [refusal('release.maxP99Milliseconds', milliseconds, 'a number over 0')];
}

function loadTestProblems(test: LoadTest | false | undefined): PropProblem[] {
  if (!test) return [];
  const { requestsPerSecond, path } = test;
  const wrong = wholeNumber('release.loadTest.requestsPerSecond', requestsPerSecond, { min: 1, max: 1000 });
  // It becomes part of a command that a shell runs.
  if (path !== undefined && !/^\/[\w\-./~%=&?+,:@]*$/.test(path)) {
    wrong.push(refusal('release.loadTest.path', path, 'a path and its query, such as /products?page=1'));
  }
  return wrong;
}

function gateProblems(gates: Gates | undefined): PropProblem[] {
  if (gates === undefined) return [];
  return [
    ...wholeNumber('release.gates.waitMinutes', gates.waitMinutes, { min: 1, aside: 'minutes' }),
    ...(['rollout', 'promotion'] as const).flatMap((point) => {
      const gate = gates[point];
      if (gate === undefined || gate === 'manual' || /^https?:\/\/\S+$/.test(gate.url)) return [];
      return [refusal(`release.gates.${point}.url`, gate.url, 'an http or https address')];
    }),
  ];
}

function previewProblems(preview: Preview | undefined): PropProblem[] {
  if (preview?.allowFrom?.length !== 0) return [];
  return [refusal('release.preview.allowFrom', [], 'one CIDR or more; leave it out for everywhere')];
}
