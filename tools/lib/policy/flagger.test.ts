import { expect, test } from '@jest/globals';
import { identitiesMadeFor, canary as read } from './flagger.ts';
import { canary, deployment, inFile } from './testing.ts';
import { workload } from './workloads.ts';

test('the copies that Flagger gives a primary are those of what its pods read, from wherever', () => {
  const target = workload(
    inFile(
      'c/apps/shop/shop.yaml',
      deployment({
        'spec.template.spec.containers.0.envFrom': [
          { configMapRef: { name: 'a' } },
          { secretRef: { name: 'b' } },
        ],
        'spec.template.spec.containers.0.env': [
          { valueFrom: { configMapKeyRef: { name: 'c' } } },
          { valueFrom: { secretKeyRef: { name: 'd' } } },
        ],
        'spec.template.spec.volumes': [
          { configMap: { name: 'e' } },
          { secret: { secretName: 'f' } },
          { projected: { sources: [{ configMap: { name: 'g' } }, { secret: { name: 'h' } }] } },
        ],
      }),
    ),
  );
  const made = identitiesMadeFor(read(inFile('c/apps/shop/shop.yaml', canary())), target ? [target] : []);
  expect(made.filter((identity) => /^(?:ConfigMap|Secret) /.test(identity)).sort()).toEqual([
    'ConfigMap shop/a-primary',
    'ConfigMap shop/c-primary',
    'ConfigMap shop/e-primary',
    'ConfigMap shop/g-primary',
    'Secret shop/b-primary',
    'Secret shop/d-primary',
    'Secret shop/f-primary',
    'Secret shop/h-primary',
  ]);
});

test('of a Service as a target Flagger leaves the Service itself to us', () => {
  const own = canary({ 'spec.targetRef': { apiVersion: 'v1', kind: 'Service', name: 'shop' } });
  expect(identitiesMadeFor(read(inFile('c/apps/shop/shop.yaml', own)), [])).toEqual([
    'Service shop/shop-primary',
    'Service shop/shop-canary',
    'gateway.networking.k8s.io/HTTPRoute shop/shop',
  ]);
});
