import { html } from 'ghtml';
import { count } from '../lib/count.ts';
import type { Layer } from './fleet.ts';
import {
  type GraphLayout,
  type GraphNode,
  layoutGraph,
  type PlacedEdge,
  type PlacedNode,
  type Point,
} from './graph-layout.ts';

/** The most layers whose lines light up when one is pointed at; more are drawn all the same. */
export const HIGHLIGHTED = 64;

/** How boxes are drawn. What an SVG can't do is measure text: these are the widths of the page's fonts, on the safe side. */
interface Boxes {
  readonly nameCharacter: number;
  readonly detailCharacter: number;
  readonly padding: number;
  readonly height: number;
  readonly shortest: number;
  /** Where the two lines of text stand, from the top. */
  readonly lines: readonly [number, number];
}

const ROOMY: Boxes = {
  nameCharacter: 8.8,
  detailCharacter: 7,
  padding: 16,
  height: 52,
  shortest: 116,
  lines: [22, 39],
};
const DENSE: Boxes = {
  nameCharacter: 7.8,
  detailCharacter: 6.1,
  padding: 10,
  height: 40,
  shortest: 84,
  lines: [17, 31],
};
/** More boxes than these are drawn smaller. */
const ROOM_FOR = 16;

const ARROW = 7;
/** Wide enough for any graph to run to the right, so that clusters can be told apart by their shape. */
const SILHOUETTE = 4000;

/** Lays out the Kustomizations of a cluster. */
export function layoutLayers(layers: readonly Layer[], fit: number): GraphLayout {
  const boxes = boxesFor(layers);
  return layoutGraph(
    layers.map((layer) => ({ name: layer.name, dependsOn: layer.dependsOn, ...boxSize(layer, boxes) })),
    fit,
  );
}

function boxesFor(layers: readonly Layer[]): Boxes {
  return layers.length > ROOM_FOR ? DENSE : ROOMY;
}

function boxSize(
  layer: Layer,
  { nameCharacter, detailCharacter, shortest, padding, height }: Boxes,
): Pick<GraphNode, 'width' | 'height'> {
  const text = Math.max(layer.name.length * nameCharacter, detail(layer).length * detailCharacter);
  return { width: Math.ceil(Math.max(shortest, text + 2 * padding)), height };
}

function detail({ objects, version, isSuspended }: Layer): string {
  return [
    ...(isSuspended ? ['suspended'] : []),
    ...(version === undefined ? [] : [shortened(version)]),
    count(objects.length, 'object'),
  ].join(' · ');
}

function shortened(version: string): string {
  return version.length > 18 ? `${version.slice(0, 17)}…` : version;
}

/**
 * Draws the Kustomizations of a cluster as one inline SVG: each box leads to its list of objects.
 *
 * @param cluster the cluster's name, for who can't see the drawing
 */
export function drawGraph(cluster: string, layers: readonly Layer[], graph: GraphLayout): string {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const index = new Map(layers.map(({ name }, position) => [name, position]));
  const label = `The ${layers.length} Kustomizations of ${cluster}, each with what must be ready before it`;
  const boxes = boxesFor(layers);
  return html`<svg class="graph${boxes === DENSE ? ' dense' : ''}" role="group" aria-label="${label}" width="${graph.width}" height="${graph.height}" viewBox="0 0 ${graph.width} ${graph.height}">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="${ARROW}" markerHeight="${ARROW}" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .6 7 4 0 7.4z"/></marker></defs>
<g class="edges" aria-hidden="true">!${graph.edges.map((edge) => drawEdge(edge, graph.direction, index))}</g>
!${graph.nodes.map((node) => drawNode(node, byName.get(node.name) as Layer, index.get(node.name) as number, boxes))}
</svg>`;
}

/** A small drawing of the same graph, without words: a cluster's silhouette. */
export function drawSilhouette(layers: readonly Layer[]): string {
  const sized = layers.map(({ name, dependsOn }) => ({ name, dependsOn, width: 60, height: 24 }));
  const graph = layoutGraph(sized, SILHOUETTE);
  const group = new Map(layers.map((layer) => [layer.name, layer.group]));
  return html`<svg class="silhouette" aria-hidden="true" viewBox="0 0 ${graph.width} ${graph.height}" preserveAspectRatio="xMidYMid meet">
<g class="edges">!${graph.edges.map(({ points }) => html`<path d="${curve(points, graph.direction)}"/>`)}</g>
!${graph.nodes.map(({ name, at, width, height }) => html`<rect class="${group.get(name)}" x="${round(at.x - width / 2)}" y="${round(at.y - height / 2)}" width="${width}" height="${height}" rx="6"/>`)}
</svg>`;
}

function drawEdge(
  { from, to, points }: PlacedEdge,
  direction: GraphLayout['direction'],
  index: Map<string, number>,
): string {
  const ends = `${classOf(index.get(from))} ${classOf(index.get(to))}`;
  return html`<path class="edge ${ends}" d="${curve(shortenedAtEnd(points, direction), direction)}" marker-end="url(#arrow)"/>`;
}

function classOf(index = 0): string {
  return `of-${index % HIGHLIGHTED}`;
}

function drawNode(
  { at, width, height }: PlacedNode,
  layer: Layer,
  index: number,
  { padding, lines }: Boxes,
): string {
  const [x, y] = [round(at.x - width / 2), round(at.y - height / 2)];
  const after =
    layer.dependsOn.length === 0 ? 'waits for nothing' : `waits for ${layer.dependsOn.join(', ')}`;
  const says = `${layer.name}: ${detail(layer)}; ${after}`;
  return html`<a class="node ${layer.group}${layer.isSuspended ? ' held' : ''} at-${index % HIGHLIGHTED}" href="#${encodeURIComponent(layer.name)}" aria-label="${says}"><title>${says}</title>
<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="9"/>
<text class="name" x="${x + padding}" y="${y + lines[0]}">${layer.name}</text>
<text class="detail" x="${x + padding}" y="${y + lines[1]}">${detail(layer)}</text></a>
`;
}

/** Room for the arrow's head, which begins where its line ends. */
function shortenedAtEnd(points: readonly Point[], direction: GraphLayout['direction']): Point[] {
  const end = points.at(-1);
  if (end === undefined) return [];
  return [
    ...points.slice(0, -1),
    direction === 'right' ? { x: end.x - ARROW, y: end.y } : { x: end.x, y: end.y - ARROW },
  ];
}

/** A line through all points that leaves and arrives in the graph's direction, and turns in between. */
function curve(points: readonly Point[], direction: GraphLayout['direction']): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let from = first;
  const parts = rest.map((to) => {
    const middle = direction === 'right' ? (from.x + to.x) / 2 : (from.y + to.y) / 2;
    const [one, other] =
      direction === 'right'
        ? [`${round(middle)} ${round(from.y)}`, `${round(middle)} ${round(to.y)}`]
        : [`${round(from.x)} ${round(middle)}`, `${round(to.x)} ${round(middle)}`];
    from = to;
    return `C${one} ${other} ${round(to.x)} ${round(to.y)}`;
  });
  return `M${round(first.x)} ${round(first.y)}${parts.join('')}`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
