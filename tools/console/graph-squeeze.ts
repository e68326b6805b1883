import type { Point } from './graph-layout.ts';

/** What stands in a row of a drawing: a box, or a bend of a line that passes. */
interface Item {
  readonly x: number;
  readonly width: number;
  move(x: number): void;
}

/** Something that has a place and a width. */
interface Box {
  readonly at: Point;
  readonly width: number;
  readonly height: number;
}

/** What is between two neighbours, in pixels, where one of them is only a bend. */
const BESIDE_A_BEND = 8;
/** How far above and below a row a line that passes it is straight. */
const CLEAR = 5;

/**
 * Moves boxes and bends of a drawing that runs down together, so that it is no wider than it must be: dagre lines boxes up
 * above each other and takes all the width that this wants. The order in each row stays, and each stays as near as it can to
 * where it was. A line passes between the boxes of a row straight down.
 *
 * @param boxes in rows: those of one row have the same height
 * @param lines their ends are no bends and stay
 * @param fit the width to reach; more where a row has no room in it
 */
export function squeeze<B extends Box>(
  boxes: readonly B[],
  lines: readonly (readonly Point[])[],
  { width, fit, margin, gap }: { width: number; fit: number; margin: number; gap: number },
): { width: number; boxes: B[]; lines: Point[][] } {
  const places = boxes.map(({ at }) => ({ ...at }));
  const heights = new Map<number, number>();
  for (const { at, height } of boxes) {
    heights.set(Math.round(at.y), Math.max(height, heights.get(Math.round(at.y)) ?? 0));
  }
  // Between two rows there is room, and a bend there only makes a line swing.
  const bends = lines.map((points) =>
    points
      .filter(({ y }, index) => index === 0 || index === points.length - 1 || heights.has(Math.round(y)))
      .map((point) => ({ ...point })),
  );
  const items = [
    ...boxes.map((box, index) => itemOf(places[index] as Movable, box.width)),
    ...bends.flatMap((points) => points.slice(1, -1).map((point) => itemOf(point, 0))),
  ];
  const rows = [...Map.groupBy(items, ({ y }) => Math.round(y)).values()].map((row) =>
    row.toSorted((a, b) => a.x - b.x),
  );
  const needed = Math.max(0, ...rows.map((row) => leastWidth(row, gap))) + 2 * margin;
  const target = Math.max(fit, Math.ceil(needed));
  if (target < width) for (const row of rows) placeRow(row, { scale: target / width, target, margin, gap });
  return {
    width: Math.min(width, target),
    boxes: boxes.map((box, index) => ({ ...box, at: places[index] as Point })),
    lines: bends.map((points) =>
      points.flatMap((point, index) =>
        index === 0 || index === points.length - 1 ? [point] : pass(point, heights),
      ),
    ),
  };
}

function pass({ x, y }: Point, heights: ReadonlyMap<number, number>): Point[] {
  const half = (heights.get(Math.round(y)) ?? 0) / 2 + CLEAR;
  return [
    { x, y: y - half },
    { x, y: y + half },
  ];
}

type Movable = { -readonly [key in keyof Point]: Point[key] };

function itemOf(point: Movable, width: number): Item & { readonly y: number } {
  return {
    x: point.x,
    y: point.y,
    width,
    move: (x) => {
      point.x = x;
    },
  };
}

function apart(a: Item, b: Item, gap: number): number {
  return (a.width + b.width) / 2 + (a.width === 0 || b.width === 0 ? BESIDE_A_BEND : gap);
}

/** How far each item must be from the first one, at least. */
function offsets(row: readonly Item[], gap: number): number[] {
  let sum = 0;
  return row.map((item, index) => {
    const before = row[index - 1];
    if (before !== undefined) sum += apart(before, item, gap);
    return sum;
  });
}

function leastWidth(row: readonly Item[], gap: number): number {
  const ends = [row[0], row.at(-1)].reduce((sum, item) => sum + (item?.width ?? 0) / 2, 0);
  return (offsets(row, gap).at(-1) ?? 0) + ends;
}

/** The places nearest to those that are wanted, by least squares, which keep the distances: isotonic regression. */
function placeRow(
  row: readonly Item[],
  { scale, target, margin, gap }: { scale: number; target: number; margin: number; gap: number },
): void {
  const from = offsets(row, gap);
  const wanted = row.map(({ x }, index) => x * scale - (from[index] as number));
  const blocks: { sum: number; size: number }[] = [];
  for (const value of wanted) {
    let block = { sum: value, size: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum / last.size < block.sum / block.size) break;
      blocks.pop();
      block = { sum: last.sum + block.sum, size: last.size + block.size };
    }
    blocks.push(block);
  }
  const low = margin + (row[0]?.width ?? 0) / 2;
  const high = target - margin - (row.at(-1)?.width ?? 0) / 2 - (from.at(-1) ?? 0);
  const placed = blocks.flatMap(({ sum, size }) => new Array<number>(size).fill(sum / size));
  for (const [index, item] of row.entries()) {
    const nearest = Math.min(high, Math.max(low, placed[index] as number));
    item.move(nearest + (from[index] as number));
  }
}
