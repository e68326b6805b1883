import { expect, test } from '@jest/globals';
import { findCycle } from './graph.ts';

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

test.each([
  [{}, undefined],
  [{ a: ['b'], b: ['c'], c: [] }, undefined],
  [{ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, undefined],
  [{ a: ['gone'] }, undefined],
  [{ a: ['a'] }, ['a', 'a']],
  [{ a: ['b'], b: ['a'] }, ['a', 'b', 'a']],
  [{ a: ['b'], b: ['c'], c: ['d'], d: ['c'] }, ['c', 'd', 'c']],
])('the way round in %j is %j', (edges, cycle) => {
  expect(findCycle(graph(edges))).toEqual(cycle);
});

test('a long way is followed in a short time', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `n${index}`);
  const long = new Map(names.map((name, index) => [name, names.slice(index + 1, index + 20)]));
  expect(findCycle(long)).toBeUndefined();
});
