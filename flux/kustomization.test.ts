import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { Kustomization, type KustomizationProps } from './kustomization.ts';

/** The spec of a Kustomization of the app `shop`. */
function spec(props: Omit<KustomizationProps, 'path'> = {}) {
  const chart = new Chart(new App(), 'chart');
  new Kustomization(chart, 'shop', { path: './dist/dev/apps/shop', ...props });
  return chart.toJson()[0].spec;
}

describe('a Kustomization', () => {
  test('waits for what it applied, and takes away what is gone', () => {
    expect(spec()).toMatchObject({ wait: true, prune: true, timeout: '10m' });
    expect(spec()).not.toHaveProperty('healthCheckExprs');
  });

  test('with a canary in it is ready when the canary is promoted, and gives it time to the end', () => {
    const { healthCheckExprs, timeout } = spec({ canarySeconds: 1861 });
    expect(healthCheckExprs).toMatchObject([{ apiVersion: 'flagger.app/v1beta1', kind: 'Canary' }]);
    expect(timeout).toBe('42m');
  });

  test('that is suspended says so, and one that is not says nothing', () => {
    expect(spec({ suspend: true })).toMatchObject({ suspend: true });
    expect(spec({ suspend: false })).not.toHaveProperty('suspend');
  });

  test('judges what has no condition of its own as it is told, beside a canary', () => {
    const bundle = { apiVersion: 'trust.cert-manager.io/v1alpha1', kind: 'Bundle', current: 'true' };
    expect(spec({ health: [bundle], canarySeconds: 60 }).healthCheckExprs).toEqual([
      bundle,
      expect.objectContaining({ kind: 'Canary' }),
    ]);
  });

  test('waits for others before it begins', () => {
    expect(spec({ dependsOn: ['mesh', 'flagger'] }).dependsOn).toEqual([
      { name: 'mesh' },
      { name: 'flagger' },
    ]);
    expect(spec({ dependsOn: [] })).not.toHaveProperty('dependsOn');
  });
});
