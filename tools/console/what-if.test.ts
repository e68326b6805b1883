import { expect, it } from '@jest/globals';
import type { Progress } from '../lib/canary/machine/spec.ts';
import type { Subject } from '../lib/canary/report/subject.ts';
import { asItIs, KNOBS, knobsOf, parseWeights, planWhatIf, type WhatIf, withWeights } from './what-if.ts';

function subject(progress: Progress = { kind: 'evenWeights', step: 10, max: 50 }): Subject {
  return {
    where: 'dist/prod/apps/shop/shop.yaml',
    title: 'prod/shop',
    group: 'prod/shop',
    read: {
      name: 'shop',
      namespace: 'shop',
      problems: [],
      notes: [],
      readySeconds: 600,
      analysis: {
        machine: { progress, threshold: 2 },
        intervalSeconds: 60,
        metrics: [{ counts: 'failed', tolerated: 0.01, windowSeconds: 60, whose: 'apart' }],
      },
    },
    traffic: { requestsPerSecond: 10, isAssumed: true },
    limits: { healthyRolledBack: 0.05, brokenPromoted: 0.05, isAsked: false },
  };
}

function turn(now: WhatIf, id: string, position: number): WhatIf {
  const knob = KNOBS.find((one) => one.id === id);
  if (knob === undefined) throw new Error(`no knob ${id}`);
  return knob.apply(now, position);
}

function planOf(now: WhatIf) {
  const { plan } = planWhatIf(now).report;
  if (plan === undefined) throw new Error('refused');
  return plan;
}

it.each([
  ['even weights', subject(), ['step', 'max']],
  ['listed weights', subject({ kind: 'listedWeights', weights: [1, 10, 50] }), []],
  ['blue/green', subject({ kind: 'blueGreen', iterations: 5 }), ['iterations']],
  ['an A/B test', subject({ kind: 'abTest', iterations: 5 }), ['iterations']],
])('has for %s the sliders that it has settings for', (_, one, ways) => {
  const always = ['traffic', 'healthy', 'broken', 'limit', 'threshold', 'interval'];
  expect(knobsOf(asItIs(one)).map(({ id }) => id)).toEqual([...always, ...ways]);
});

it('changes nothing when every slider is moved to where it stands', () => {
  const now = asItIs(subject());
  const same = knobsOf(now).reduce((moved, knob) => knob.apply(moved, knob.read(now) as number), now);
  expect(planOf(same)).toEqual(planOf(now));
});

it.each([
  [
    'traffic',
    3,
    'a broken release is promoted less often',
    (a: Plan, b: Plan) => a.broken.promoted > b.broken.promoted,
  ],
  [
    'threshold',
    5,
    'a healthy one is rolled back less often',
    (a: Plan, b: Plan) => a.healthy.rolledBack > b.healthy.rolledBack,
  ],
  [
    'limit',
    -1.3,
    'a broken one is promoted more often',
    (a: Plan, b: Plan) => a.broken.promoted < b.broken.promoted,
  ],
  [
    'broken',
    0,
    'it fails all that it answers',
    (_: Plan, b: Plan) => Math.abs(b.broken.failed.mean - b.broken.served) < 1e-6,
  ],
  [
    'healthy',
    -2,
    'it is rolled back more often',
    (a: Plan, b: Plan) => a.healthy.rolledBack < b.healthy.rolledBack,
  ],
  [
    'interval',
    8,
    'a good one takes longer',
    (a: Plan, b: Plan) => (a.healthy.promotion?.median ?? 0) < (b.healthy.promotion?.median ?? 0),
  ],
  [
    'step',
    50,
    'a good one is through sooner',
    (a: Plan, b: Plan) => (a.healthy.promotion?.median ?? 0) > (b.healthy.promotion?.median ?? 0),
  ],
] as const)('with the slider "%s" at %d %s', (id, position, _, holds) => {
  const now = asItIs(subject());
  expect(holds(planOf(now), planOf(turn(now, id, position)))).toBe(true);
});

type Plan = ReturnType<typeof planOf>;

it('keeps a window as long as the interval when that is moved', () => {
  const { subject: moved } = turn(asItIs(subject()), 'interval', 8);
  expect(moved.read.analysis).toMatchObject({ intervalSeconds: 300, metrics: [{ windowSeconds: 300 }] });
});

it('plans with the weights that were written', () => {
  const now = asItIs(subject({ kind: 'listedWeights', weights: [1, 10, 50] }));
  const longer = withWeights(now, [1, 5, 10, 20, 50]);
  expect(planOf(longer).healthy.promotion?.median).toBeGreaterThan(
    planOf(now).healthy.promotion?.median as number,
  );
});

it.each([
  ['1, 10, 50', [1, 10, 50]],
  ['5 20', [5, 20]],
  ['100', [100]],
  ['', undefined],
  ['10, 10', undefined],
  ['50, 10', undefined],
  ['0, 10', undefined],
  ['50, 101', undefined],
  ['1.5', undefined],
  ['ten', undefined],
])('reads %j as %j', (text, weights) => {
  expect(parseWeights(text)).toEqual(weights);
});

it('says why there are no odds where a setting lets a release hang', () => {
  const one = subject({ kind: 'listedWeights', weights: [50, 10] });
  const { report } = planWhatIf(asItIs(one));
  expect(report.refused.join()).toContain('spec.analysis');
});
