import { describe, expect, test } from '@jest/globals';
import { deployment, found, object } from '../testing.ts';

const SPEC = 'spec.template.spec';
const FIELD = 'securityContext.readOnlyRootFilesystem';
const FIX = 'set it to true, and mount an emptyDir where the container writes [read-only-root]';

describe('a read-only root', () => {
  test.each([
    ['a container that writes nowhere', {}],
    [
      'a container that writes into a volume',
      {
        [`${SPEC}.volumes`]: [{ name: 'tmp', emptyDir: {} }],
        [`${SPEC}.containers.0.volumeMounts`]: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ],
  ])('lets pass %s', (_, changes) => {
    expect(found('read-only-root', [deployment(changes)])).toEqual([]);
  });

  test.each([
    [
      { [`${SPEC}.containers.0.${FIELD}`]: undefined },
      `containers[0].${FIELD}: is missing, which means false`,
    ],
    [{ [`${SPEC}.containers.0.${FIELD}`]: false }, `containers[0].${FIELD}: is false`],
    [
      { [`${SPEC}.containers.0.securityContext`]: undefined },
      `containers[0].${FIELD}: is missing, which means false`,
    ],
    // A pod cannot say it for its containers.
    [
      { [`${SPEC}.${FIELD}`]: true, [`${SPEC}.containers.0.${FIELD}`]: undefined },
      `containers[0].${FIELD}: is missing, which means false`,
    ],
    [
      { [`${SPEC}.initContainers`]: [{ name: 'migrate' }] },
      `initContainers[0].${FIELD}: is missing, which means false`,
    ],
  ])('finds %j', (changes, says) => {
    expect(found('read-only-root', [deployment(changes)])).toEqual([
      `dist/c/apps/shop/shop.yaml: Deployment/shop/shop: ${SPEC}.${says}; ${FIX}`,
    ]);
  });

  test('is wanted of jobs too', () => {
    const pod = { template: { spec: { containers: [{ name: 'a' }] } } };
    expect(
      found('read-only-root', [
        object('batch/v1', 'CronJob', { spec: { jobTemplate: { spec: pod } } }),
        object('v1', 'Pod', { spec: pod.template.spec }),
      ]),
    ).toHaveLength(2);
  });
});
