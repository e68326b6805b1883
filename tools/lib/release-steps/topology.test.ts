import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Topology } from '../../../config/schema.ts';
import { emptyCluster } from '../../testing/cluster-model.ts';
import { arrival, compiledWith, type Files, found, HOST } from '../../testing/dist-changes.ts';

const TOPOLOGIES: Topology[] = ['single', 'single-to-split', 'split', 'split-to-single'];
/** Enough to find, within seconds, what goes wrong in one order of a hundred. */
const ORDERS = 30;

const dists = new Map<Topology, Files>();

beforeAll(async () => {
  for (const topology of TOPOLOGIES) dists.set(topology, await compiledWith({ topology }, 'apps'));
});

const dist = (topology: Topology) => dists.get(topology) ?? new Map<string, string>();

describe('the layout of an app', () => {
  test('is changed in two commits, there and back, while users are served', () => {
    let { end } = arrival(emptyCluster(), dist('single'), false, ORDERS);
    let before: Topology = 'single';
    for (const next of ['single-to-split', 'split', 'split-to-single', 'single'] as const) {
      expect([next, found(dist(before), dist(next))]).toEqual([next, []]);
      const arrived = arrival(end, dist(next), true, ORDERS);
      expect([next, arrived.trouble]).toEqual([next, []]);
      end = arrived.end;
      before = next;
    }
  });

  test.each([
    ['single', 'split'],
    ['split', 'single'],
  ] as const)('is not changed in one: %s -> %s', (from, to) => {
    expect(found(dist(from), dist(to)).length).toBeGreaterThan(0);
    const { end } = arrival(emptyCluster(), dist(from), false, ORDERS);
    expect(arrival(end, dist(to), true, ORDERS).trouble).toContain(`${HOST} is not served`);
  });

  test('can turn round half way', () => {
    expect(found(dist('single-to-split'), dist('split-to-single'))).toEqual([]);
    const { end } = arrival(emptyCluster(), dist('single-to-split'), false, ORDERS);
    expect(arrival(end, dist('split-to-single'), true, ORDERS).trouble).toEqual([]);
  });
});
