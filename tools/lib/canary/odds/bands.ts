import { hasEnded, isJudged, type State } from '../machine/state.ts';
import { type Release, shareOfUsers } from './analysis.ts';
import { type Model, reach } from './model.ts';

/** How many users are on the new version after a tick, in percent: of 100 releases, 90 lie between `low` and `high`. */
export interface Band {
  tick: number;
  low: number;
  median: number;
  high: number;
}

/** The share of releases that need not have ended: no band shows them. */
const REST = 0.01;

/** How users come to a new version over time, tick by tick until nearly every release has ended. */
export function bands(model: Model, release: Release): Band[] {
  const chances = reach(model, release);
  const last = Math.max(...model.chain.map(({ tick }) => tick));
  const ended: [number, number][] = [];
  const all: Band[] = [];
  for (let tick = 0; tick <= last; tick += 1) {
    const now: [number, number][] = [];
    let open = 0;
    for (const [index, node] of model.chain.entries()) {
      const chance = chances[index] as number;
      if (node.tick !== tick || chance === 0) continue;
      (hasEnded(node.state) ? ended : now).push([usersOn(model, node.state), chance]);
      if (!hasEnded(node.state)) open += chance;
    }
    const sorted = [...ended, ...now].sort(([a], [b]) => a - b);
    const at = (share: number) => quantile(sorted, share);
    all.push({ tick, low: at(0.05), median: at(0.5), high: at(0.95) });
    if (open < REST) break;
  }
  return all;
}

/** Once it is promoted, the primary has the new version too: all users do. */
function usersOn({ analysis, traffic }: Model, state: State): number {
  if (isJudged(state)) return 100 * shareOfUsers(analysis, state.weight, traffic);
  return state.phase === 'Failed' ? 0 : 100;
}

function quantile(sorted: readonly [number, number][], share: number): number {
  let sum = 0;
  for (const [value, chance] of sorted) {
    sum += chance;
    if (sum >= share) return value;
  }
  return sorted.at(-1)?.[0] ?? 0;
}
