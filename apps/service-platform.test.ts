import { describe, expect, test } from '@jest/globals';
import { sampleConfig } from '../config/testing/sample.ts';
import { runbooksUrl, servicePlatform } from './service-platform.ts';

describe('runbooks are read on the git host, on the branch that Flux reads', () => {
  test.each([
    ['https://github.com/slipway/slipway', 'main', 'https://github.com/slipway/slipway/blob/main'],
    ['https://github.com/slipway/slipway.git', 'main', 'https://github.com/slipway/slipway/blob/main'],
    ['https://git.example.com:8443/a/b/', 'live', 'https://git.example.com:8443/a/b/blob/live'],
    ['ssh://git@github.com/slipway/slipway.git', 'main', 'https://github.com/slipway/slipway/blob/main'],
    // The port is that of ssh.
    ['ssh://git@git.example.com:2222/a/b', 'main', 'https://git.example.com/a/b/blob/main'],
  ])('%s', (url, branch, root) => {
    expect(runbooksUrl({ url, branch })).toBe(`${root}/docs/runbooks`);
  });
});

test('services are told of the collector where the ring has one', () => {
  const { platform } = sampleConfig();
  const [first] = platform.clusters;
  if (first === undefined) throw new Error('the sample has no cluster');
  const collectorOf = (word: 'on' | 'off') =>
    servicePlatform(first, { ...platform, addOns: { 'opentelemetry-collector': word } }).collector;
  expect(collectorOf('on')).toEqual({
    namespace: 'opentelemetry',
    port: 4318,
    url: 'http://opentelemetry-collector.opentelemetry.svc.cluster.local:4318',
  });
  expect(collectorOf('off')).toBeUndefined();
});
