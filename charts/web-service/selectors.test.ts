import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import type { ReleaseStrategy } from '../release-strategy.ts';
import { ofKind, PHASES, type Pods, stateIn } from '../testing/flagger.ts';
import { objectsIn, SHOP } from '../testing/sample.ts';
import { type LabelSelector, selects } from '../testing/selector.ts';
import { WebService, type WebServiceProps } from '../web-service.ts';

/** Objects in one namespace: the service in question, and others with names like it. */
function neighbours(release: ReleaseStrategy) {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  for (const name of ['shop', 'shop-admin', 'sho']) {
    const host = `${name}.example.com`;
    new WebService(chart, name, { ...SHOP, host, release } as WebServiceProps);
  }
  return objectsIn(chart);
}

interface Selecting {
  kind: string;
  metadata: { name: string };
  spec: { podSelector?: LabelSelector; selector?: LabelSelector };
}

const STRATEGIES = ['canary', 'blueGreen', 'rolling'] as const;
const CASES = STRATEGIES.flatMap((strategy) => PHASES.map((phase) => [strategy, phase] as const));

describe.each(CASES)('with a %s release, %s', (strategy, phase) => {
  const objects = neighbours({ strategy });
  const { pods, services } = stateIn(phase, objects);
  const names = (selected: readonly Pods[]) => selected.map(({ name }) => name).sort();
  const selected = (selector: LabelSelector) => pods.filter(({ labels }) => selects(selector, labels));
  /** The pods of the service, and not those of its neighbours. */
  const own = pods.filter(({ name }) => name === 'shop' || name === 'shop-primary');
  const judged = strategy !== 'rolling';

  test('the pods are those that Flagger lets run', () => {
    const expected = !judged
      ? ['shop']
      : {
          install: ['shop'],
          before: ['shop-primary'],
          during: ['shop', 'shop-primary'],
          after: ['shop-primary'],
        }[phase];
    expect(names(own)).toEqual(expected);
  });

  test.each([
    ['NetworkPolicy', 'shop'],
    ['Server', 'shop'],
    ['Server', 'shop-management'],
    ['PodMonitor', 'shop'],
  ])('the %s %s selects all its pods and no other', (kind, name) => {
    const [object] = ofKind<Selecting>(objects, kind).filter(({ metadata }) => metadata.name === name);
    const selector = object?.spec.podSelector ?? object?.spec.selector;
    expect(names(selected(selector as LabelSelector))).toEqual(names(own));
  });

  test('the disruption budget selects the pods that users are on between releases, and no other', () => {
    const [budget] = ofKind<Selecting>(objects, 'PodDisruptionBudget').filter(
      ({ metadata }) => metadata.name === 'shop',
    );
    const serving = own.filter(({ name }) => name === (judged ? 'shop-primary' : 'shop'));
    expect(names(selected(budget?.spec.selector as LabelSelector))).toEqual(names(serving));
  });

  test('each Service selects its own pods', () => {
    const found = Object.fromEntries(
      services
        .filter(({ name }) => /^shop(-primary|-canary)?$/.test(name))
        .map(({ name, selector }) => [name, names(selected({ matchLabels: selector }))]),
    );
    const primary = names(own.filter(({ name }) => name === 'shop-primary'));
    const target = names(own.filter(({ name }) => name === 'shop'));
    expect(found).toEqual(
      !judged
        ? { shop: target }
        : phase === 'install'
          ? { shop: [] }
          : { shop: primary, 'shop-primary': primary, 'shop-canary': target },
    );
  });

  test('pods are spread among those of their own Deployment', () => {
    for (const { name, spreadOver } of own) {
      expect(spreadOver).toHaveLength(2);
      for (const selector of spreadOver) expect(names(selected(selector))).toEqual([name]);
    }
  });
});
