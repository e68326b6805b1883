import { describe, expect, test } from '@jest/globals';
import { autoscaler, canary, deployment, found } from '../testing.ts';

const TWO = deployment({ 'spec.replicas': 2 });
const AT = 'dist/c/apps/shop/shop.yaml: Deployment/shop/shop: spec.replicas:';

describe('no replicas', () => {
  test.each([
    ['no number under an autoscaler', [deployment(), autoscaler(), canary()]],
    ['a number where nothing else rules', [TWO]],
    ['an autoscaler of another', [TWO, autoscaler({ 'spec.scaleTargetRef.name': 'other' })]],
    ['an autoscaler in another namespace', [TWO, autoscaler({ 'metadata.namespace': 'other' })]],
  ])('lets pass %s', (_, objects) => {
    expect(found('no-replicas', objects)).toEqual([]);
  });

  test.each([
    ['an autoscaler', autoscaler(), 'HorizontalPodAutoscaler shop'],
    ['a Canary', canary(), 'Canary shop'],
  ])('finds a number under %s', (_, ruler, name) => {
    expect(found('no-replicas', [TWO, ruler])).toEqual([
      `${AT} is ruled by ${name}; leave it out [no-replicas]`,
    ]);
  });
});
