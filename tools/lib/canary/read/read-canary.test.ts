import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Resource } from '../../../../charts/custom-resource.ts';
import { compileSample } from '../../../testing/sample.ts';
import type { Manifest } from '../../dist/manifests.ts';
import { goSeconds } from './go-duration.ts';
import { readQuery } from './metric-template.ts';
import { isCanary, readCanary, templatesOf } from './read-canary.ts';

const success = { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' };
const fine = { interval: '1m', threshold: 5, stepWeight: 10, maxWeight: 50, metrics: [success] };

/** A Canary as others write it. */
function canary(analysis: unknown, spec: object = {}): Resource {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name: 'podinfo', namespace: 'test' },
    spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' }, analysis, ...spec },
  };
}

const read = (analysis: unknown, spec?: object) => readCanary(canary(analysis, spec), new Map());

describe('our own Canary', () => {
  let manifests: readonly Manifest[];
  beforeAll(async () => {
    manifests = (await compileSample()).compiled.manifests;
  });

  test('is read with what its templates ask: the worse of users and load tester', () => {
    const objects = manifests
      .filter(({ cluster }) => cluster === 'prod-eu-west-1')
      .map(({ object }) => object);
    const [own] = objects.filter(isCanary);
    const { problems, notes, analysis } = readCanary(own as Resource, templatesOf(objects));
    expect({ problems, notes }).toEqual({ problems: [], notes: [] });
    expect(analysis).toEqual({
      machine: {
        progress: { kind: 'evenWeights', step: 10, max: 50 },
        threshold: 5,
        promotionStep: 25,
        skipAnalysis: false,
      },
      intervalSeconds: 60,
      metrics: [
        { counts: 'failed', tolerated: 0.01, windowSeconds: 60, whose: 'apart' },
        {
          counts: 'slow',
          tolerated: expect.closeTo(0.01, 12),
          maxMilliseconds: 500,
          windowSeconds: 60,
          whose: 'apart',
        },
      ],
      loadTest: { requestsPerSecond: 10, seconds: 55, fromStart: true },
    });
  });
});

describe('a Canary of others', () => {
  test('is read with what Flagger takes where nothing is said', () => {
    expect(
      read({ stepWeight: 20, metrics: [{ name: 'request-success-rate', threshold: 98 }] }).analysis,
    ).toEqual({
      machine: {
        progress: { kind: 'evenWeights', step: 20, max: 100 },
        threshold: 1,
        promotionStep: undefined,
        skipAnalysis: false,
      },
      intervalSeconds: 60,
      metrics: [{ counts: 'failed', tolerated: 0.02, windowSeconds: 60, whose: 'together' }],
      loadTest: undefined,
    });
  });

  test.each([
    ['5m', 300],
    ['5s', 10],
    ['', 60],
    ['soon', 60],
    [undefined, 60],
  ])('has with the interval %j one of %d seconds', (interval, expected) => {
    expect(read({ ...fine, metrics: [], interval }).analysis?.intervalSeconds).toBe(expected);
  });

  test.each([
    [{ threshold: 0 }, 1],
    [{ threshold: -3 }, 1],
    [{ threshold: 7 }, 7],
  ])('has with %j a threshold of %d', (given, expected) => {
    expect(read({ ...fine, ...given }).analysis?.machine.threshold).toBe(expected);
  });

  test('may be an A/B test', () => {
    const match = [{ headers: { 'x-canary': { exact: 'insider' } } }];
    const { analysis } = read({ interval: '1m', threshold: 2, iterations: 4, match, metrics: [success] });
    expect(analysis?.machine.progress).toEqual({ kind: 'abTest', iterations: 4 });
  });

  test.each<[string, object, string]>([
    [
      'a window longer than the interval',
      { ...fine, metrics: [{ ...success, interval: '2m' }] },
      'spec.analysis.metrics[0].interval: found "2m"; allowed: at most 60s, the interval of the analysis: a longer window mixes the weights of two steps, and one bad moment fails two checks',
    ],
    [
      'a window that is longer because nobody said it',
      { ...fine, interval: '30s', metrics: [{ name: 'request-success-rate', thresholdRange: { min: 99 } }] },
      'spec.analysis.metrics[0].interval: found "1m"; allowed: at most 30s, the interval of the analysis: a longer window mixes the weights of two steps, and one bad moment fails two checks',
    ],
    [
      'a template without a window',
      { ...fine, metrics: [{ name: 'errors', templateRef: { name: 'errors' }, thresholdRange: { max: 1 } }] },
      'spec.analysis.metrics[0].interval: is missing; allowed: a time such as "1m": without, its query is an error, and every check fails',
    ],
    [
      'mirroring',
      { ...fine, mirror: true },
      'spec.analysis.mirror: found true; allowed: false: Linkerd mirrors nothing, and a release would never move on',
    ],
    [
      'weights that hang',
      { interval: '1m', stepWeights: [5, 20, 20], metrics: [success] },
      'spec.analysis.stepWeights[2]: found 20; allowed: more than 20, the weight before it: else a release hangs there for ever',
    ],
    [
      'a step backwards',
      { interval: '1m', stepWeight: -10, metrics: [success] },
      'spec.analysis.stepWeight: found -10; allowed: a whole number from 1 to 100 (percent): else a release never moves on',
    ],
    [
      'a promotion that steps backwards',
      { ...fine, stepWeightPromotion: -5 },
      'spec.analysis.stepWeightPromotion: found -5; allowed: a whole number from 0 to 100 (percent)',
    ],
    [
      'no way to move on',
      { interval: '1m', metrics: [success] },
      'spec.analysis: is missing; allowed: "stepWeight", "stepWeights" or "iterations", and one of them only: without, a release never moves on',
    ],
    [
      'two ways to move on',
      { ...fine, iterations: 5 },
      'spec.analysis: found "stepWeight" beside "iterations"; allowed: "stepWeight", "stepWeights" or "iterations", and one of them only',
    ],
    [
      'an A/B test without its number of checks',
      { ...fine, match: [{}] },
      'spec.analysis.iterations: is missing; allowed: a whole number of 1 or more, for an A/B test ("match")',
    ],
  ])('is refused with %s', (_, analysis, says) => {
    const { problems, analysis: none } = read(analysis);
    expect(problems).toEqual([says]);
    expect(none).toBeUndefined();
  });

  test('is refused without any analysis', () => {
    expect(read(undefined).problems).toEqual(['spec.analysis: is missing; allowed: how a release is judged']);
  });

  test.each<[string, object, string]>([
    [
      'a limit off a bucket',
      { ...fine, metrics: [{ name: 'request-duration', thresholdRange: { max: 450 }, interval: '1m' }] },
      'is on no edge',
    ],
    [
      'a metric of an unknown kind',
      { ...fine, metrics: [success, { name: 'cpu', interval: '1m' }] },
      'taken to hold always',
    ],
    [
      'a window without two scrapes',
      { ...fine, metrics: [{ ...success, interval: '15s' }] },
      'holds no two scrapes',
    ],
    ['no metric', { ...fine, metrics: [] }, 'every release is promoted'],
    [
      'a gate',
      { ...fine, webhooks: [{ type: 'confirm-promotion', url: 'http://gate' }] },
      'gates are taken to be open',
    ],
    [
      'windows of two lengths',
      {
        ...fine,
        metrics: [success, { name: 'request-duration', thresholdRange: { max: 500 }, interval: '30s' }],
      },
      'different times',
    ],
    [
      'a template that was not given',
      {
        ...fine,
        metrics: [{ ...success, name: 'error-rate', templateRef: { name: 'x' }, thresholdRange: { max: 1 } }],
      },
      'was not given',
    ],
  ])('is noted with %s', (_, analysis, says) => {
    expect(read(analysis).notes.join('\n')).toContain(says);
  });
});

describe('a load test', () => {
  const hook = (cmd: string, type?: string) => ({
    name: 'load',
    url: 'http://tester',
    metadata: { cmd },
    type,
  });
  const to = 'http://podinfo-canary.test:9898/';

  test('is what hey is told: workers times their rate, for so long', () => {
    const { analysis } = read({ ...fine, webhooks: [hook(`hey -z 1m -q 10 -c 2 ${to}`)] });
    expect(analysis?.loadTest).toEqual({ requestsPerSecond: 20, seconds: 60, fromStart: false });
  });

  test('comes before the first check where a pre-rollout hook starts it', () => {
    const webhooks = [hook(`hey -z 50s -q 5 ${to}`, 'pre-rollout'), hook(`hey -z 50s -q 5 ${to}`)];
    const { analysis, notes } = read({ ...fine, webhooks });
    expect(analysis?.loadTest).toEqual({ requestsPerSecond: 250, seconds: 50, fromStart: true });
    expect(notes).toEqual([]);
  });

  test.each([
    ['without a rate', `hey -z 1m ${to}`, "can't be told"],
    ['of another program', `wrk -d 1m ${to}`, "can't be told"],
    ['through the split', 'hey -z 1m -q 10 -c 2 http://podinfo.test:9898/', 'through the split'],
  ])('%s is not counted, and that is said', (_, cmd, says) => {
    const { analysis, notes } = read({ ...fine, webhooks: [hook(cmd)] });
    expect(analysis?.loadTest).toBeUndefined();
    expect(notes.join()).toContain(says);
  });
});

describe('a query', () => {
  test.each([
    [
      'histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m])))',
      { gives: { quantile: 0.99 }, whose: 'together' },
    ],
    [
      'sum(rate(r{classification="success", client_id!="lt"}[1m]))',
      { gives: 'successPercent', whose: 'users' },
    ],
    ['100 - 100 * sum(rate(r{status!~"5.*"}[1m]))', { gives: 'successPercent', whose: 'together' }],
    ['100 * sum(rate(r{code=~"5.."}[1m]))', { gives: 'failedPercent', whose: 'together' }],
    ['avg(cpu)', { gives: 'unknown', whose: 'together' }],
  ])('%s', (query, expected) => {
    expect(readQuery(query)).toEqual(expected);
  });
});

test.each([
  ['1m30s', 90],
  ['500ms', 0.5],
  ['1h', 3600],
  ['1.5m', 90],
  ['10', undefined],
  ['', undefined],
  ['-1m', undefined],
  [60, undefined],
])('the time %j is %p seconds', (text, seconds) => {
  expect(goSeconds(text)).toBe(seconds);
});
