import { expect, test } from '@jest/globals';
import { OPTIONAL_ADD_ONS } from '../../../config/add-ons.ts';
import { ADD_ONS } from '../../../config/checks/versions.ts';
import type { Config } from '../../../config/load.ts';
import { sampleConfig } from '../../../config/testing/sample.ts';
import { placesOf } from './places.ts';

const config = sampleConfig();
const on = Object.fromEntries(Object.keys(OPTIONAL_ADD_ONS).map((name) => [name, 'on']));
const signIn = { issuer: 'https://login.slipway.example', emailDomains: ['slipway.example'] };
const edge = { ...config.platform.edge, signIn };
const complete = { ...config, platform: { ...config.platform, addOns: on, edge } } as Config;

test('an app has one on each cluster that runs it', () => {
  expect(placesOf(config, 'image', 'dev', 'conduit')).toEqual([
    { cluster: 'dev-eu-west-1', kustomization: 'conduit' },
  ]);
  expect(placesOf(config, 'image', 'dev', 'shop')).toEqual([]);
});

test.each(ADD_ONS)('%s has one, or nothing could say that a version of it proved itself', (name) => {
  expect(placesOf(complete, 'version', 'dev', name)).not.toEqual([]);
});

test('a version that several add-ons share has one for each', () => {
  expect(placesOf(config, 'version', 'prod', 'karpenter').map(({ kustomization }) => kustomization)).toEqual([
    'karpenter-crd',
    'karpenter',
  ]);
});
