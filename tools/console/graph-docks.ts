import type { GraphLayout, PlacedEdge, PlacedNode, Point } from './graph-layout.ts';

/** How far from a box's corners its lines stay, in pixels. */
const CORNER = 18;

/**
 * Lets every line leave a box on the side where the graph goes on and arrive on the opposite one, side by side in the
 * order in which they come: dagre aims at the centres, so that lines meet the boxes anywhere and cross on the way.
 *
 * @param edges lines that end anywhere
 * @param nodes the boxes
 * @param direction where the graph runs
 */
export function dock(
  edges: readonly PlacedEdge[],
  nodes: readonly PlacedNode[],
  direction: GraphLayout['direction'],
): PlacedEdge[] {
  const docked = edges.map((edge) => ({ ...edge, points: [...edge.points] }));
  for (const node of nodes) {
    spread(
      docked.filter(({ to }) => to === node.name),
      node,
      direction,
      'arrive',
    );
    spread(
      docked.filter(({ from }) => from === node.name),
      node,
      direction,
      'leave',
    );
  }
  return docked;
}

/** Gives the ends of one side's lines their places, by where each comes from or goes to. */
function spread(
  edges: readonly (PlacedEdge & { points: Point[] })[],
  { at, width, height }: PlacedNode,
  direction: GraphLayout['direction'],
  end: 'arrive' | 'leave',
): void {
  const along = ({ x, y }: Point) => (direction === 'down' ? x : y);
  const towards = ({ points }: { points: readonly Point[] }) =>
    along(points.at(end === 'arrive' ? -2 : 1) ?? at);
  const length = direction === 'down' ? width : height;
  const room = Math.max(0, length - 2 * Math.min(CORNER, length / 3));
  const step = Math.min(room / Math.max(1, edges.length - 1), 26);
  const first = along(at) - (step * (edges.length - 1)) / 2;
  for (const [index, { points }] of edges.toSorted((a, b) => towards(a) - towards(b)).entries()) {
    const place = first + index * step;
    const side = ((direction === 'down' ? height : width) / 2) * (end === 'arrive' ? -1 : 1);
    const point = direction === 'down' ? { x: place, y: at.y + side } : { x: at.x + side, y: place };
    points[end === 'arrive' ? points.length - 1 : 0] = point;
  }
}
