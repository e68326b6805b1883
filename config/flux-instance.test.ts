import { describe, expect, test } from '@jest/globals';
import { fluxInstancePatches } from './flux-instance.ts';

/** The arguments that the patches add to a controller. */
function added(apps: number, controller = 'kustomize-controller'): string[] {
  const cluster = { apps: Array.from({ length: apps }, (_, index) => `app-${index}`) };
  return fluxInstancePatches(cluster)
    .filter(({ target }) => target.kind === 'Deployment' && target.name === controller)
    .flatMap(({ patch }) => JSON.parse(patch))
    .map(({ op, path, value }) => {
      expect({ op, path }).toEqual({ op: 'add', path: '/spec/template/spec/containers/0/args/-' });
      return value;
    });
}

describe('the patches of a FluxInstance', () => {
  test.each([
    [0, 10],
    [1, 11],
    [12, 22],
    [50, 60],
    [1000, 60],
  ])('give a cluster of %i apps %i workers', (apps, workers) => {
    expect(added(apps)).toContain(`--concurrent=${workers}`);
  });

  test('let a new commit end the wait for the one before', () => {
    expect(added(1)).toContain('--feature-gates=CancelHealthCheckOnNewRevision=true');
  });

  test('leave the other controllers as they are', () => {
    for (const controller of ['source-controller', 'helm-controller', 'notification-controller'])
      expect(added(1, controller)).toEqual([]);
  });
});
