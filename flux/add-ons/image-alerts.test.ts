import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { type Rule, RuleEngine } from '../../charts/testing/promql/rules.ts';
import { imageAlerts } from './image-alerts.ts';

function objects(): any[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'flux-system' });
  imageAlerts({ runbooks: 'https://git.example.com/docs/runbooks' }).objects(chart);
  return chart.toJson();
}

const RULES: Rule[] = objects().find(({ kind }) => kind === 'PrometheusRule').spec.groups[0].rules;

interface Seen {
  kind?: string;
  ready?: string;
  reason?: string;
  suspended?: string;
}

/** What is told after each minute, of what the operator sees in it. */
function told(minutes: number, world: (minute: number) => readonly Seen[]): string[] {
  const engine = new RuleEngine(RULES);
  const all = new Set<string>();
  let before = new Map<string, Record<string, string>>();
  for (let minute = 0; minute < minutes; minute++) {
    const now = new Map<string, Record<string, string>>();
    for (const seen of world(minute)) {
      const labels = {
        exported_namespace: 'flux-system',
        namespace: 'flux-system',
        name: 'conduit',
        kind: 'ImageUpdateAutomation',
        ready: 'True',
        reason: 'Succeeded',
        suspended: 'False',
        ...seen,
      };
      now.set(JSON.stringify(labels), labels);
      engine.add('flux_resource_info', labels, 60 * minute, 1);
    }
    for (const [key, labels] of before) {
      if (!now.has(key)) engine.add('flux_resource_info', labels, 60 * minute, undefined);
    }
    before = now;
    engine.evaluate(60 * minute);
    for (const { alert } of engine.firing) all.add(`${alert} at ${minute}`);
  }
  // Each from its first minute on.
  return [...all].filter((line, index, lines) => line.split(' ')[0] !== lines[index - 1]?.split(' ')[0]);
}

describe('somebody is told', () => {
  test.each(['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation'])(
    'when an %s has not been ready for half an hour, whatever the reason becomes',
    (kind) => {
      const automation = kind === 'ImageUpdateAutomation' ? [] : [{}];
      const world = (minute: number): Seen[] => [
        ...automation,
        minute < 10
          ? { kind }
          : { kind, ready: minute % 2 ? 'False' : 'Unknown', reason: `reason ${minute % 3}` },
      ];
      expect(told(60, world)).toEqual(['ImageUpdatesFailing at 40']);
    },
  );

  test('when Flux tells nothing any more', () => {
    expect(told(60, (minute) => (minute < 10 ? [{}] : []))).toEqual(['ImageUpdatesUnmeasured at 40']);
  });
});

describe('nobody is told', () => {
  test.each<[string, (minute: number) => Seen[]]>([
    ['when all is well', () => [{}, { kind: 'ImagePolicy' }]],
    [
      'of a registry that is away for a while',
      (minute) => [{}, { kind: 'ImageRepository', ready: minute > 10 && minute < 35 ? 'False' : 'True' }],
    ],
    ['of what somebody has stopped', () => [{ ready: 'False', suspended: 'True' }]],
    [
      'of other things of Flux, which have alerts of their own',
      () => [{}, { kind: 'Kustomization', ready: 'False' }],
    ],
  ])('%s', (_, world) => {
    expect(told(90, world)).toEqual([]);
  });
});
