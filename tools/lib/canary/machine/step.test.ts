import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ALL_WELL, type Observations } from './observations.ts';
import type { MachineSpec } from './spec.ts';
import { hasEnded, initialized, type State } from './state.ts';
import { asksMetrics, step } from './step.ts';

const NEW = { ...ALL_WELL, revision: 'new' };

/** Lets a machine run; at a tick with no observations of its own all is well. */
function run(spec: MachineSpec, ticks: number, odd: Record<number, Partial<Observations>> = {}): State[] {
  let state = initialized('old');
  let revision = 'new';
  return Array.from({ length: ticks }, (_, tick) => {
    revision = odd[tick]?.revision ?? revision;
    state = step(state, spec, { ...NEW, ...odd[tick], revision }).state;
    return state;
  });
}

/** A state as a short word: `20/1`, with the iteration where there is one and the phase where it is not Progressing. */
function word({ phase, weight, failed, iteration }: State): string {
  const where = `${weight}/${failed}${iteration > 0 ? ` i${iteration}` : ''}`;
  return phase === 'Progressing' ? where : `${phase} ${where}`;
}

const even = (by: number, max: number, threshold: number): MachineSpec => ({
  progress: { kind: 'evenWeights', step: by, max },
  threshold,
});
const x = { check: false };

describe('releases as the real controller ran them, tick by tick', () => {
  const examples: [string, MachineSpec, Record<number, Partial<Observations>>, string[]][] = [
    [
      'even steps of which all pass',
      even(10, 50, 5),
      {},
      ['0/0', '10/0', '20/0', '30/0', '40/0', '50/0', 'Promoting 50/0', 'Finalising 0/0', 'Succeeded 0/0'],
    ],
    [
      'the rollback comes a tick after the last failure',
      even(20, 50, 2),
      { 2: x, 4: x },
      ['0/0', '20/0', '20/1', '40/1', '40/2', 'Failed 0/0'],
    ],
    [
      'steps pass the maximum',
      even(20, 50, 2),
      { 4: x },
      ['0/0', '20/0', '40/0', '60/0', '60/1', 'Promoting 60/1', 'Finalising 0/1', 'Succeeded 0/1'],
    ],
    [
      'named weights, and traffic that returns in steps',
      { progress: { kind: 'listedWeights', weights: [1, 2, 10, 80] }, promotionStep: 30, threshold: 3 },
      {},
      [
        '0/0',
        '1/0',
        '2/0',
        '10/0',
        '80/0',
        'Promoting 80/0',
        'Promoting 50/0',
        'Promoting 20/0',
        'Finalising 0/0',
        'Succeeded 0/0',
      ],
    ],
    [
      'a closed gate, pods that are not ready and a hook that fails',
      even(20, 40, 2),
      {
        0: { confirmRollout: false },
        1: { confirmRollout: false },
        3: { canary: 'notReady' },
        4: { preRollout: false },
      },
      [
        'Waiting 0/0',
        'Waiting 0/0',
        '0/0',
        '0/0',
        '0/1',
        '20/1',
        '40/1',
        'Promoting 40/1',
        'Finalising 0/1',
        'Succeeded 0/1',
      ],
    ],
    [
      'blue/green that fails once all users are on it',
      { progress: { kind: 'blueGreen', iterations: 2 }, threshold: 2 },
      { 4: x, 5: x },
      ['0/0', '0/0 i1', '0/0 i2', '100/0 i3', '100/1 i3', '100/2 i3', 'Failed 0/0'],
    ],
    [
      'an A/B test',
      { progress: { kind: 'abTest', iterations: 2 }, threshold: 2 },
      { 2: x },
      [
        '0/0',
        '100/0 i1',
        '100/1 i1',
        '100/1 i2',
        'Promoting 100/1 i2',
        'Finalising 0/1 i2',
        'Succeeded 0/1 i2',
      ],
    ],
    [
      'a promotion that waits is checked on',
      even(20, 20, 2),
      { 2: { confirmPromotion: false }, 3: { confirmPromotion: false }, 4: x },
      [
        '0/0',
        '20/0',
        'WaitingPromotion 20/0',
        'WaitingPromotion 20/0',
        'WaitingPromotion 20/1',
        'Promoting 20/1',
        'Finalising 0/1',
        'Succeeded 0/1',
      ],
    ],
    [
      'a new revision in between starts anew',
      even(20, 40, 3),
      { 2: x, 4: { revision: 'newer' } },
      [
        '0/0',
        '20/0',
        '20/1',
        '40/1',
        '0/0',
        '20/0',
        '40/0',
        'Promoting 40/0',
        'Finalising 0/0',
        'Succeeded 0/0',
      ],
    ],
  ];

  test.each(examples)('%s', (_, spec, odd, expected) => {
    expect(run(spec, expected.length, odd).map(word)).toEqual(expected);
  });

  test.each([
    ['25 of at most 50', even(25, 50, 5), 5],
    [
      'named weights 1, 10, 80 that return in steps of 40',
      { progress: { kind: 'listedWeights', weights: [1, 10, 80] }, promotionStep: 40, threshold: 5 },
      7,
    ],
  ] as [string, MachineSpec, number][])('%s succeeds when it did there', (_, spec, tick) => {
    expect(run(spec, 20).findIndex(hasEnded)).toBe(tick);
  });
});

describe('what a tick does', () => {
  const judged: State = { phase: 'Progressing', weight: 20, failed: 0, iteration: 0, revision: 'new' };
  const promoting: State = { ...judged, phase: 'Promoting' };
  const cases: [string, State, Partial<Observations>, Partial<MachineSpec>, string, unknown[]][] = [
    ['a new version is started', initialized('old'), {}, {}, '0/0', [{ kind: 'scaleUp' }]],
    ['nothing is new', initialized('new'), {}, {}, 'Initialized 0/0', []],
    ['it is suspended', judged, { suspended: true, check: false }, {}, '20/0', []],
    ['the primary is not ready', judged, { primary: 'notReady', check: false }, {}, '20/0', []],
    [
      'the primary is stuck',
      judged,
      { primary: 'stuck' },
      {},
      'Failed 0/0',
      [{ kind: 'route', weight: 0 }, { kind: 'scaleDown' }],
    ],
    [
      'the primary is stuck with the new version',
      promoting,
      { primary: 'stuck' },
      {},
      'Failed 100/0',
      [{ kind: 'route', weight: 100 }],
    ],
    ['the route is not taken yet', judged, { routeAccepted: false, check: false }, {}, '20/0', []],
    [
      'the new version is stuck',
      judged,
      { canary: 'stuck' },
      {},
      'Failed 0/0',
      [{ kind: 'route', weight: 0 }, { kind: 'scaleDown' }],
    ],
    ['traffic may not grow', judged, { confirmTrafficIncrease: false }, {}, '20/0', []],
    [
      'traffic may not grow, and the check fails',
      judged,
      { confirmTrafficIncrease: false, check: false },
      {},
      '20/1',
      [],
    ],
    [
      'somebody asks to roll back',
      judged,
      { rollback: true },
      {},
      'Failed 0/0',
      [{ kind: 'route', weight: 0 }, { kind: 'scaleDown' }],
    ],
    ['it is promoted', { ...judged, weight: 40 }, {}, {}, 'Promoting 40/0', [{ kind: 'promote' }]],
    [
      'a promotion is not rolled back any more',
      promoting,
      { rollback: true },
      {},
      'Finalising 0/0',
      [{ kind: 'route', weight: 0 }],
    ],
    [
      'it is not judged at all',
      { ...judged, weight: 0 },
      { check: false, preRollout: false, primary: 'stuck' },
      { skipAnalysis: true },
      'Succeeded 0/0',
      [{ kind: 'route', weight: 0 }, { kind: 'promote' }, { kind: 'scaleDown' }],
    ],
  ];

  test.each(cases)('%s', (_, state, odd, own, expected, effects) => {
    const tick = step(state, { ...even(20, 40, 3), ...own }, { ...NEW, ...odd });
    expect(word(tick.state)).toBe(expected);
    expect(tick.effects).toEqual(effects);
  });

  test('after a promotion that failed the next version begins where users are', () => {
    const failed: State = { phase: 'Failed', weight: 100, failed: 1, iteration: 0, revision: 'old' };
    expect(word(step(failed, even(20, 40, 3), NEW).state)).toBe('100/0');
  });

  test('a promotion that fails is left alone until there is a newer version', () => {
    const failed: State = { phase: 'Failed', weight: 100, failed: 1, iteration: 0, revision: 'new' };
    expect(step(failed, even(20, 40, 3), { ...NEW, primary: 'stuck' })).toEqual({
      state: failed,
      effects: [],
    });
  });

  test('a blue/green release that is told no is asked for at every other tick', () => {
    const spec: MachineSpec = { progress: { kind: 'blueGreen', iterations: 2 }, threshold: 2 };
    const no = { confirmPromotion: false };
    const states = run(spec, 11, { 3: no, 4: no, 5: no, 6: no });
    expect(states.map(word)).toEqual([
      '0/0',
      '0/0 i1',
      '0/0 i2',
      'WaitingPromotion 0/0 i2',
      'WaitingPromotion 0/0 i1',
      'WaitingPromotion 0/0 i2',
      'WaitingPromotion 0/0 i1',
      'WaitingPromotion 0/0 i2',
      'WaitingPromotion 100/0 i3',
      'Promoting 100/0 i3',
      'Finalising 0/0 i3',
    ]);
  });

  test.each([
    [[10, 10, 50], '10/0'],
    [[10, 5, 50], '10/0'],
    [[50, 20], '50/0'],
  ])('weights %j that do not rise hang for ever', (weights, expected) => {
    const spec: MachineSpec = { progress: { kind: 'listedWeights', weights }, threshold: 3 };
    expect(run(spec, 100).map(word).at(-1)).toBe(expected);
  });
});

describe('laws', () => {
  const progress = fc.oneof(
    fc.record({
      kind: fc.constant('evenWeights' as const),
      step: fc.integer({ min: 1, max: 100 }),
      max: fc.integer({ min: 1, max: 100 }),
    }),
    fc
      .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 })
      .map((weights) => ({ kind: 'listedWeights' as const, weights: weights.sort((a, b) => a - b) })),
    fc.record({ kind: fc.constant('blueGreen' as const), iterations: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('abTest' as const), iterations: fc.integer({ min: 1, max: 9 }) }),
  );
  const spec = fc.record({
    progress,
    threshold: fc.integer({ min: 1, max: 6 }),
    promotionStep: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  }) satisfies fc.Arbitrary<MachineSpec>;
  const readiness = fc.constantFrom('ready' as const, 'notReady' as const, 'stuck' as const);
  const often = fc.integer({ min: 0, max: 9 }).map((number) => number > 1);
  const seen: fc.Arbitrary<Observations> = fc.record({
    revision: fc.constantFrom('new', 'new', 'new', 'newer'),
    suspended: often.map((yes) => !yes),
    primary: fc.oneof({ weight: 8, arbitrary: fc.constant('ready' as const) }, readiness),
    canary: fc.oneof({ weight: 8, arbitrary: fc.constant('ready' as const) }, readiness),
    routeAccepted: often,
    preRollout: often,
    check: often,
    confirmRollout: often,
    confirmTrafficIncrease: often,
    confirmPromotion: often,
    rollback: often.map((yes) => !yes),
  });

  test('the tick of success is as the formulas have it', () => {
    fc.assert(
      fc.property(spec, fc.array(fc.boolean()), (spec, checks) => {
        const fails = new Map(checks.map((passes, index) => [index + 2, passes]));
        let state = initialized('old');
        let [tick, failed] = [-1, 0];
        while (!hasEnded(state) && tick < 300) {
          tick += 1;
          const asked = asksMetrics(state, spec);
          const check = !asked || fails.get(tick) !== false || failed + 1 >= spec.threshold;
          if (!check) failed += 1;
          state = step(state, spec, { ...NEW, check }).state;
        }
        expect(state.phase).toBe('Succeeded');
        expect(tick).toBe(passesNeeded(spec) + 2 + returns(spec) + failed);
      }),
    );
  });

  test('a release that only fails is rolled back a tick after as many failures as the threshold', () => {
    fc.assert(
      fc.property(spec, (spec) => {
        const states = run(
          spec,
          spec.threshold + 3,
          Object.fromEntries([...Array(9).keys()].map((t) => [t, x])),
        );
        expect(states.findIndex(({ phase }) => phase === 'Failed')).toBe(spec.threshold + 2);
      }),
    );
  });

  test('whatever comes, weights and counts stay in their bounds and every weight is routed', () => {
    fc.assert(
      fc.property(spec, fc.array(seen, { maxLength: 60 }), (spec, all) => {
        let state = initialized('old');
        for (const observations of all) {
          const { state: next, effects } = step(state, spec, observations);
          expect(next.weight).toBeGreaterThanOrEqual(0);
          expect(next.weight).toBeLessThanOrEqual(100);
          expect(next.failed).toBeGreaterThanOrEqual(0);
          expect(next.failed).toBeLessThanOrEqual(spec.threshold);
          const routed = effects.flatMap((effect) => (effect.kind === 'route' ? [effect.weight] : []));
          expect(routed.at(-1) ?? state.weight).toBe(next.weight);
          if (next.failed > state.failed) expect(next).toEqual({ ...state, failed: state.failed + 1 });
          state = next;
        }
      }),
    );
  });

  test('a step changes nothing that it was given, and gives the same again', () => {
    fc.assert(
      fc.property(spec, seen, (spec, observations) => {
        const state = Object.freeze<State>({
          phase: 'Progressing',
          weight: 0,
          failed: 0,
          iteration: 0,
          revision: 'new',
        });
        expect(step(state, Object.freeze(spec), Object.freeze(observations))).toEqual(
          step(state, spec, observations),
        );
      }),
    );
  });

  test('users leave the primary only for a version that is judged, or one that it could not take', () => {
    fc.assert(
      fc.property(spec, fc.array(seen, { maxLength: 60 }), (spec, all) => {
        let state = initialized('old');
        for (const observations of all) {
          const next = step(state, spec, observations).state;
          if (next.weight > state.weight)
            expect(['Progressing', 'WaitingPromotion', 'Failed']).toContain(next.phase);
          state = next;
        }
      }),
    );
  });

  /** Checks that must pass. */
  function passesNeeded({ progress }: MachineSpec): number {
    if (progress.kind === 'blueGreen') return progress.iterations + 1;
    if (progress.kind === 'abTest') return progress.iterations;
    if (progress.kind === 'listedWeights') return progress.weights.length;
    return Math.ceil(Math.min(100, progress.max) / progress.step);
  }

  /** Ticks in which traffic returns to the primary. */
  function returns({ progress, promotionStep }: MachineSpec): number {
    if (promotionStep === undefined) return 1;
    const last =
      progress.kind === 'evenWeights'
        ? Math.min(100, Math.ceil(progress.max / progress.step) * progress.step)
        : progress.kind === 'listedWeights'
          ? (progress.weights.at(-1) ?? 100)
          : 100;
    return Math.ceil(last / promotionStep);
  }
});
