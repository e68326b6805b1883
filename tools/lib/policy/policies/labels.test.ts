import { describe, expect, test } from '@jest/globals';
import { canary, deployment, found, object, service } from '../testing.ts';

const NAME = 'app.kubernetes.io/name';
const AT = 'dist/c/apps/shop/shop.yaml:';
const TEMPLATE_LABELS = 'spec.template.metadata.labels';

function budget(matchLabels: object) {
  return object('policy/v1', 'PodDisruptionBudget', { spec: { selector: { matchLabels } } });
}

function networkPolicy(podSelector: object) {
  return object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector } });
}

function spread(labelSelector?: object) {
  return { 'spec.template.spec.topologySpreadConstraints': [{ topologyKey: 'zone', labelSelector }] };
}

const PRIMARY = { [NAME]: 'shop-primary' };
const BOTH = { matchExpressions: [{ key: NAME, operator: 'In', values: ['shop', 'shop-primary'] }] };
const CHART = object('helm.toolkit.fluxcd.io/v2', 'HelmRelease');

describe('labels', () => {
  test.each([
    ['a Deployment that selects its pods', [deployment()]],
    [
      'a Service, and a budget, of pods that are there',
      [deployment(), service(), budget({ [NAME]: 'shop' })],
    ],
    ['a budget of the primary', [deployment(), canary(), budget(PRIMARY)]],
    ['a Service of the primary', [deployment(), canary(), service({ 'spec.selector': PRIMARY })]],
    ['a Service without a selector', [service({ 'spec.selector': undefined })]],
    ['pods that a Helm chart may bring', [CHART, service({ 'spec.selector': { app: 'chart' } })]],
    [
      'more labels on the pods than select them',
      [deployment({ [TEMPLATE_LABELS]: { [NAME]: 'shop', tier: 'web' } }), canary()],
    ],
    ['a constraint on its own pods', [deployment(spread({ matchLabels: { [NAME]: 'shop' } }))]],
    ['a network policy for all', [deployment(), canary(), networkPolicy({})]],
    ['a network policy for target and primary', [deployment(), canary(), networkPolicy(BOTH)]],
    ['a network policy without a Canary', [deployment(), networkPolicy({ matchLabels: { [NAME]: 'shop' } })]],
  ])('lets pass %s', (_, objects) => {
    expect(found('labels', objects)).toEqual([]);
  });

  test.each([
    [{ 'spec.selector': undefined }, 'spec.selector: is missing; select the labels of its pods'],
    [
      { 'spec.selector.matchLabels': { app: 'shop' } },
      `spec.selector: does not select its own pods, which have {"${NAME}":"shop"}; make the two alike`,
    ],
    [
      spread({ matchLabels: { app: 'shop' } }),
      `spec.template.spec.topologySpreadConstraints[0].labelSelector: does not select its own pods, which have {"${NAME}":"shop"}; select by their labels`,
    ],
    [
      spread(),
      'spec.template.spec.topologySpreadConstraints[0].labelSelector: is missing, which selects no pod; select by their labels',
    ],
  ])('finds a Deployment with %j', (changes, says) => {
    expect(found('labels', [deployment(changes)])).toEqual([`${AT} Deployment/shop/shop: ${says} [labels]`]);
  });

  test.each([[{ [NAME]: 'shop', tier: 'web' }], [{ [NAME]: 'web' }], [{ app: 'shop' }]])(
    'finds the target of a Canary that is selected by %j',
    (selector) => {
      const item = deployment({ 'spec.selector.matchLabels': selector, [TEMPLATE_LABELS]: selector });
      expect(found('labels', [item, canary()])).toEqual([
        `${AT} Deployment/shop/shop: spec.selector: is ${JSON.stringify(selector)}, and Flagger renames only ${NAME} for the primary's pods; select by {"${NAME}":"shop"} alone [labels]`,
      ]);
    },
  );

  test.each([
    ['Service', service({ 'spec.selector': { app: 'shop' } })],
    ['PodDisruptionBudget', budget({ app: 'shop' })],
  ])('finds a %s that selects nobody', (kind, item) => {
    expect(found('labels', [deployment(), item])).toEqual([
      `${AT} ${kind}/shop/shop: spec.selector: {"app":"shop"} selects no pods of the namespace; select by labels that pods there have [labels]`,
    ]);
  });

  test.each([
    ['Service', service()],
    ['PodDisruptionBudget', budget({ [NAME]: 'shop' })],
  ])('finds a %s of a target, which has no pods between releases', (kind, item) => {
    expect(found('labels', [deployment(), canary(), item])).toEqual([
      `${AT} ${kind}/shop/shop: spec.selector: selects only the target of the Canary of shop, which has no pods between releases; select {"${NAME}":"shop-primary"} [labels]`,
    ]);
  });

  test.each([
    [{ [NAME]: 'shop' }, "selects the canary's pods of shop and not the primary's"],
    [PRIMARY, "selects the primary's pods of shop and not the canary's"],
  ])('finds a network policy for one version alone: %j', (matchLabels, wrong) => {
    expect(found('labels', [deployment(), canary(), networkPolicy({ matchLabels })])).toEqual([
      `${AT} NetworkPolicy/shop/shop: spec.podSelector: ${wrong}; select both by matchExpressions: ${NAME} In [shop, shop-primary] [labels]`,
    ]);
  });

  test('finds a network policy for nobody', () => {
    expect(found('labels', [deployment(), networkPolicy({ matchLabels: { app: 'shop' } })])).toEqual([
      `${AT} NetworkPolicy/shop/shop: spec.podSelector: {"app":"shop"} selects no pods of the namespace; select by labels that pods there have [labels]`,
    ]);
  });
});
