import type { End } from './verdict.ts';

/** The median of a time in seconds, and what 95 of 100 stay under. */
export interface Times {
  median: number;
  p95: number;
}

/**
 * How likely a release that ends so has ended so many seconds after the change. Flagger sees the change at its next tick: up to
 * an interval later, at any moment of it alike.
 *
 * @param seconds since the change
 */
export function endedBy({ chance, byTick }: End, intervalSeconds: number, seconds: number): number {
  let sum = 0;
  for (const [tick, here] of byTick) {
    sum += here * Math.min(1, Math.max(0, seconds / intervalSeconds - tick));
  }
  return chance === 0 ? 0 : sum / chance;
}

/** How long releases take that end all of these ways; `undefined` where one of them never does. */
export function timesUntil(ends: readonly { end: End; intervalSeconds: number }[]): Times | undefined {
  if (ends.length === 0 || ends.some(({ end }) => end.chance === 0)) return undefined;
  const all = (seconds: number) =>
    ends.reduce((chance, { end, intervalSeconds }) => chance * endedBy(end, intervalSeconds, seconds), 1);
  const latest = Math.max(
    ...ends.map(({ end, intervalSeconds }) => intervalSeconds * (1 + Math.max(...end.byTick.keys()))),
  );
  const quantile = (share: number) => {
    let [low, high] = [0, latest];
    while (high - low > 0.01) {
      const middle = (low + high) / 2;
      if (all(middle) < share) low = middle;
      else high = middle;
    }
    return high;
  };
  return { median: quantile(0.5), p95: quantile(0.95) };
}
