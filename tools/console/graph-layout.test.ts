import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type GraphLayout, type GraphNode, layoutGraph, type PlacedNode } from './graph-layout.ts';

const WIDTH = 100;
const HEIGHT = 40;

function nodes(graph: Record<string, string[]>): GraphNode[] {
  return Object.entries(graph).map(([name, dependsOn]) => ({
    name,
    dependsOn,
    width: WIDTH,
    height: HEIGHT,
  }));
}

function placeOf(layout: GraphLayout, name: string): PlacedNode {
  return layout.nodes.find((node) => node.name === name) as PlacedNode;
}

it('runs to the right where that fits, what comes first on the left', () => {
  const layout = layoutGraph(nodes({ c: ['b'], b: ['a'], a: [] }), 1000);
  expect(layout.direction).toBe('right');
  const places = ['a', 'b', 'c'].map((name) => placeOf(layout, name).at.x);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(new Set(layout.nodes.map(({ at }) => at.y)).size).toBe(1);
});

it('runs down where it would be too wide, what comes first on top', () => {
  const layout = layoutGraph(nodes({ c: ['b'], b: ['a'], a: [] }), 300);
  expect(layout.direction).toBe('down');
  expect(layout.width).toBeLessThanOrEqual(300);
  expect(placeOf(layout, 'a').at.y).toBeLessThan(placeOf(layout, 'c').at.y);
});

it('lets lines leave and arrive on the sides that face each other', () => {
  const { nodes: placed, edges } = layoutGraph(nodes({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'] }), 300);
  for (const { from, to, points } of edges) {
    const [first, last] = [points[0], points.at(-1)];
    const [above, below] = [from, to].map((name) => placed.find((node) => node.name === name) as PlacedNode);
    expect(first?.y).toBe((above?.at.y ?? 0) + HEIGHT / 2);
    expect(last?.y).toBe((below?.at.y ?? 0) - HEIGHT / 2);
    expect(Math.abs((last?.x ?? 0) - (below?.at.x ?? 0))).toBeLessThan(WIDTH / 2);
  }
  const arrivals = edges.filter(({ to }) => to === 'd').map(({ points }) => points.at(-1)?.x);
  expect(new Set(arrivals).size).toBe(2);
});

it('draws no line for what follows from others', () => {
  const { edges } = layoutGraph(nodes({ a: [], b: ['a'], c: ['a', 'b'] }), 1000);
  expect(edges.map(({ from, to }) => `${from}-${to}`)).toEqual(['a-b', 'b-c']);
});

it('puts those in rows below that wait for nothing and that nothing waits for', () => {
  const layout = layoutGraph(nodes({ a: [], b: ['a'], lone: [], lonely: [], lonesome: [] }), 250);
  const rows = ['lone', 'lonely', 'lonesome'].map((name) => placeOf(layout, name).at.y);
  expect(rows[0]).toBeGreaterThan(placeOf(layout, 'b').at.y);
  expect(rows[1]).toBe(rows[0]);
  expect(rows[2]).toBeGreaterThan(rows[0] as number);
});

it('is no wider than its widest row where the window is narrow', () => {
  // Lined up as dagre does it, the long way of d would push the others far apart.
  const row = Array.from({ length: 5 }, (_, index) => [`b${index}`, ['a']]);
  const graph = { a: [], ...Object.fromEntries(row), c: ['b0'], d: ['c', 'b4'], e: ['d'], f: ['d'] };
  const layout = layoutGraph(nodes(graph), 600);
  expect(layout.direction).toBe('down');
  expect(layout.width).toBeLessThanOrEqual(600);
});

it('is empty for no boxes', () => {
  expect(layoutGraph([], 1000)).toMatchObject({ width: 0, height: 0, nodes: [], edges: [], cycle: [] });
});

it('tells a circle, and draws it all the same', () => {
  const layout = layoutGraph(nodes({ a: ['b'], b: ['a'], c: [] }), 1000);
  expect([...layout.cycle].sort()).toEqual(expect.arrayContaining(['a', 'b']));
  expect(layout.edges).toHaveLength(2);
  expect(layoutGraph(nodes({ a: ['a'] }), 1000).cycle).toEqual(['a', 'a']);
});

it('tells what is waited for and is not there', () => {
  const { missing, edges } = layoutGraph(nodes({ a: ['ghost'] }), 1000);
  expect(missing).toEqual([{ name: 'ghost', neededBy: 'a' }]);
  expect(edges).toEqual([]);
});

it('keeps every box within the drawing and off the others, whatever the graph', () => {
  const graphs = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(graphs, fc.integer({ min: 200, max: 2000 }), (dependencies, fit) => {
      const graph = dependencies.map((some, index) => [
        `n${index}`,
        some.filter((other) => other < index).map((other) => `n${other}`),
      ]);
      const { nodes: placed, width, height } = layoutGraph(nodes(Object.fromEntries(graph)), fit);
      for (const [index, { at }] of placed.entries()) {
        expect(at.x - WIDTH / 2).toBeGreaterThanOrEqual(0);
        expect(at.y - HEIGHT / 2).toBeGreaterThanOrEqual(0);
        expect(at.x + WIDTH / 2).toBeLessThanOrEqual(width);
        expect(at.y + HEIGHT / 2).toBeLessThanOrEqual(height);
        for (const other of placed.slice(index + 1)) {
          expect(Math.abs(at.x - other.at.x) >= WIDTH || Math.abs(at.y - other.at.y) >= HEIGHT).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});
