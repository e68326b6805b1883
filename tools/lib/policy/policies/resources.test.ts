import { describe, expect, test } from '@jest/globals';
import { deployment, found } from '../testing.ts';

const SPEC = 'spec.template.spec';

describe('resources', () => {
  test('lets pass a container with requests and a memory limit, and no limit on CPU', () => {
    expect(found('resources', [deployment()])).toEqual([]);
  });

  test.each([
    [
      { [`${SPEC}.containers.0.resources.limits`]: undefined },
      'containers[0].resources: limits.memory is missing',
    ],
    [
      { [`${SPEC}.containers.0.resources.requests.cpu`]: undefined },
      'containers[0].resources: requests.cpu is missing',
    ],
    [
      { [`${SPEC}.containers.0.resources`]: { requests: { cpu: '1' } } },
      'containers[0].resources: requests.memory and limits.memory are missing',
    ],
    [
      { [`${SPEC}.initContainers`]: [{ name: 'migrate' }] },
      'initContainers[0].resources: requests.cpu and requests.memory and limits.memory are missing',
    ],
  ])('finds %j', (changes, says) => {
    expect(found('resources', [deployment(changes)])).toEqual([
      `dist/c/apps/shop/shop.yaml: Deployment/shop/shop: ${SPEC}.${says}; say what the container needs [resources]`,
    ]);
  });
});
