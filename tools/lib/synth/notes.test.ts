import { expect, test } from '@jest/globals';
import { inFile, object } from '../policy/testing.ts';
import { notes } from './notes.ts';

const chart = (name: string) =>
  object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec: { chart: { spec: { chart: name } } } });
const ingress = object('networking.k8s.io/v1', 'Ingress', {
  spec: { rules: [{ host: 'shop.example.com' }] },
});

const RETIRED =
  'ingress-nginx gets no fixes from its upstream since March 2026: docs/edge.md says how to go on without it';

test.each([
  [
    'nothing where there is nothing to say',
    [inFile('a/x.yaml', chart('karpenter')), inFile('a/y.yaml', ingress)],
    [],
  ],
  [
    'once that an upstream has ended, however many clusters have it',
    [inFile('a/x.yaml', chart('ingress-nginx')), inFile('b/x.yaml', chart('ingress-nginx'))],
    [RETIRED],
  ],
  [
    'names that two clusters publish',
    [inFile('a/y.yaml', ingress), inFile('b/y.yaml', ingress)],
    [
      'shop.example.com: published by a, b; whose external-dns came first gets the users, the others stand by',
    ],
  ],
])('tells %s', (_, manifests, says) => {
  expect(notes({ manifests })).toEqual(says);
});
