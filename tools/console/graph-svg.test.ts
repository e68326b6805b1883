import { expect, it } from '@jest/globals';
import type { Layer } from './fleet.ts';
import { drawGraph, drawSilhouette, layoutLayers } from './graph-svg.ts';

function layer(name: string, dependsOn: string[] = [], more: Partial<Layer> = {}): Layer {
  return {
    name,
    group: 'platform',
    path: `dist/dev/platform/${name}`,
    dependsOn,
    isSuspended: false,
    objects: [],
    ...more,
  };
}

function draw(layers: Layer[]): string {
  return drawGraph('dev', layers, layoutLayers(layers, 1000));
}

it('draws a box for each layer that leads to its objects, and says in words what the lines say', () => {
  const object = { kind: 'Namespace', name: 'web', file: 'dist/dev/apps/web/web.yaml' };
  const svg = draw([
    layer('flagger', [], { version: '1.44.0' }),
    layer('web', ['flagger'], { group: 'apps', objects: [object] }),
  ]);
  expect(svg).toContain('<svg class="graph" role="group" aria-label="The 2 Kustomizations of dev, ');
  expect(svg).toContain(
    '<a class="node platform at-0" href="#flagger" aria-label="flagger: 1.44.0 · 0 objects; waits for nothing"><title>flagger: 1.44.0 · 0 objects; waits for nothing</title>',
  );
  expect(svg).toContain(
    '<a class="node apps at-1" href="#web" aria-label="web: 1 object; waits for flagger">',
  );
  expect(
    svg.match(/<path class="edge of-0 of-1" d="M[\d.,C -]+" marker-end="url\(#arrow\)"\/>/g),
  ).toHaveLength(1);
});

it('says in words also what follows from others and has no line', () => {
  const svg = draw([layer('a'), layer('b', ['a']), layer('c', ['a', 'b'])]);
  expect(svg.match(/class="edge [\w -]+"/g)).toHaveLength(2);
  expect(svg).toContain('c: 0 objects; waits for a, b');
});

it('marks what Flux leaves as it is', () => {
  const svg = draw([layer('a', [], { isSuspended: true })]);
  expect(svg).toContain('class="node platform held at-0"');
  expect(svg).toContain('a: suspended · 0 objects; waits for nothing');
});

it('draws many boxes smaller, so that they fit', () => {
  const many = Array.from({ length: 30 }, (_, index) => layer(`add-on-${index}`));
  const [few, crowd] = [layoutLayers(many.slice(0, 3), 1000), layoutLayers(many, 1000)];
  expect(crowd.nodes[0]?.height).toBeLessThan(few.nodes[0]?.height as number);
  expect(draw(many)).toContain('class="graph dense"');
});

it('lets no name become markup', () => {
  const hostile = '"><script>alert(1)</script>';
  const svg = draw([layer(hostile, [], { version: '<b>&' }), layer('b', [hostile])]);
  expect(svg).not.toMatch(/<script|<b>/);
  expect(svg).toContain('&#60;script&#62;');
  expect(svg).toContain('href="#%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E"');
});

it('makes a box wide enough for what stands in it', () => {
  const long = 'a-name-of-forty-characters-for-a-cluster';
  const [short, wide] = layoutLayers([layer('a'), layer(long)], 1000).nodes;
  expect(wide?.width).toBeGreaterThan(long.length * 8);
  expect(wide?.width).toBeGreaterThan(short?.width as number);
});

it('draws a silhouette without words', () => {
  const svg = drawSilhouette([layer('a'), layer('b', ['a'], { group: 'apps' })]);
  expect(svg.match(/<rect class="(platform|apps)"/g)).toHaveLength(2);
  expect(svg).toContain('aria-hidden="true"');
  expect(svg).not.toContain('<text');
});
