import { Graph, layout } from '@dagrejs/dagre';
import { findCycle } from '../lib/check/graph.ts';
import { dock } from './graph-docks.ts';
import { squeeze } from './graph-squeeze.ts';

/** A box to place: a name, and the names of those it waits for. */
export interface GraphNode {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** A place in the drawing, in pixels from its top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box in its place. */
export interface PlacedNode extends GraphNode {
  /** Its centre. */
  readonly at: Point;
}

/** A line from what comes first to what waits for it. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

/** A graph ready to be drawn. */
export interface GraphLayout {
  readonly direction: 'right' | 'down';
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  /** Lines; what follows from others has none of its own, since it would only be in the way. */
  readonly edges: readonly PlacedEdge[];
  /** Names that are waited for and are not there, each with who waits: never drawn, always to be told. */
  readonly missing: readonly { readonly name: string; readonly neededBy: string }[];
  /** Names that wait for each other in a circle, in its order; empty when there is none. */
  readonly cycle: readonly string[];
}

const MARGIN = 12;
/** Room between neighbours, and between one step of the order and the next. */
const GAPS = { nodesep: 14, edgesep: 10, ranksep: 46 };

/**
 * Places a graph so that what comes first stands left or on top. It runs to the right where that fits the width, else
 * down.
 *
 * @param nodes the boxes; a circle of them is placed as well, and told
 * @param fit the width to stay within, if it can be done
 */
export function layoutGraph(nodes: readonly GraphNode[], fit: number): GraphLayout {
  const known = new Set(nodes.map(({ name }) => name));
  const missing = nodes.flatMap(({ name, dependsOn }) =>
    dependsOn.filter((other) => !known.has(other)).map((other) => ({ name: other, neededBy: name })),
  );
  const clean = nodes.map((node) => ({
    ...node,
    dependsOn: [...new Set(node.dependsOn)].filter((name) => known.has(name)),
  }));
  const waited = new Set(clean.flatMap(({ dependsOn }) => dependsOn));
  const isAlone = ({ name, dependsOn }: GraphNode) => dependsOn.length === 0 && !waited.has(name);
  const connected = clean.filter((node) => !isAlone(node));
  const right = place(connected, 'right');
  const graph = right.width <= fit ? right : place(connected, 'down', fit);
  const placed = withRows(graph, clean.filter(isAlone), Math.max(fit, graph.width));
  const cycle = findCycle(new Map(clean.map(({ name, dependsOn }) => [name, dependsOn]))) ?? [];
  return { ...placed, missing, cycle };
}

type Placed = Pick<GraphLayout, 'direction' | 'width' | 'height' | 'nodes' | 'edges'>;

function place(
  nodes: readonly GraphNode[],
  direction: GraphLayout['direction'],
  fit = Number.POSITIVE_INFINITY,
): Placed {
  const graph = new Graph();
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    marginx: MARGIN,
    marginy: MARGIN,
    ...GAPS,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, width, height } of nodes) graph.setNode(name, { width, height });
  const follows = longerWays(nodes);
  for (const { name, dependsOn } of nodes) {
    for (const other of dependsOn) if (!follows(other, name)) graph.setEdge(other, name);
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const placed = nodes.map((node) => {
    const { x = 0, y = 0 } = graph.node(node.name) as Partial<Point>;
    return { ...node, at: { x, y } };
  });
  const edges: PlacedEdge[] = graph.edges().map(({ v, w }: { v: string; w: string }) => ({
    from: v,
    to: w,
    points: (graph.edge(v, w) as { points: Point[] }).points,
  }));
  // dagre says -Infinity for a graph without nodes.
  const whole = { width: Math.max(0, Math.ceil(width)), nodes: placed, edges };
  const all = direction === 'down' ? narrowed(whole, fit) : whole;
  return {
    direction,
    width: all.width,
    height: Math.max(0, Math.ceil(height)),
    nodes: all.nodes,
    edges: dock(all.edges, all.nodes, direction),
  };
}

type Across = Pick<GraphLayout, 'width' | 'nodes' | 'edges'>;

function narrowed({ width, nodes, edges }: Across, fit: number): Across {
  const lines = edges.map(({ points }) => points);
  const squeezed = squeeze(nodes, lines, { width, fit, margin: MARGIN, gap: GAPS.nodesep });
  const centre = new Map(squeezed.boxes.map(({ name, at }) => [name, at.x]));
  const over = (point: Point | undefined, name: string): Point[] =>
    point === undefined ? [] : [{ x: centre.get(name) ?? point.x, y: point.y }];
  return {
    width: squeezed.width,
    nodes: squeezed.boxes,
    edges: edges.map((edge, index) => {
      const line = squeezed.lines[index] ?? [];
      return {
        ...edge,
        points: [...over(line[0], edge.from), ...line.slice(1, -1), ...over(line.at(-1), edge.to)],
      };
    }),
  };
}

/** Puts those that wait for nothing, and that nothing waits for, in rows below: among the others they'd only take room. */
function withRows(graph: Placed, alone: readonly GraphNode[], fit: number): Placed {
  const start = graph.nodes.length === 0 ? MARGIN : graph.height + GAPS.nodesep;
  let [x, y, width, bottom] = [MARGIN, start, graph.width, graph.height];
  const nodes = alone.map((node) => {
    if (x > MARGIN && x + node.width + MARGIN > fit) {
      x = MARGIN;
      y = bottom - MARGIN + GAPS.nodesep;
    }
    const at = { x: x + node.width / 2, y: y + node.height / 2 };
    x += node.width + GAPS.nodesep;
    width = Math.max(width, x - GAPS.nodesep + MARGIN);
    bottom = Math.max(bottom, y + node.height + MARGIN);
    return { ...node, at };
  });
  return { ...graph, width, height: bottom, nodes: [...graph.nodes, ...nodes] };
}

/** Tells whether a dependency also follows from others. */
function longerWays(nodes: readonly GraphNode[]): (from: string, to: string) => boolean {
  const dependencies = new Map(nodes.map(({ name, dependsOn }) => [name, dependsOn]));
  return (from, to) => {
    const seen = new Set<string>();
    const queue = (dependencies.get(to) ?? []).filter((name) => name !== from);
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (name === from) return true;
      if (seen.has(name) || name === to) continue;
      seen.add(name);
      queue.push(...(dependencies.get(name) ?? []));
    }
    return false;
  };
}
