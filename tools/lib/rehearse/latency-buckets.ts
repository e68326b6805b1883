/**
 * The upper edges, in milliseconds, of the buckets in which Linkerd's proxies count how long answers took.
 *
 * @see https://github.com/linkerd/linkerd2-proxy/blob/main/linkerd/app/core/src/metrics.rs
 */
const EDGES = [
  1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1000, 2000, 3000, 4000, 5000, 10000, 20000,
  30000, 40000, 50000,
];

/**
 * The time within which a share of the answers came, as Prometheus works it out of those buckets: between two edges it
 * draws a line.
 *
 * @param milliseconds of each answer; none give no time
 * @param share from 0 to 1
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function bucketQuantile(milliseconds: readonly number[], share: number): number | undefined {
  if (milliseconds.length === 0) return undefined;
  const rank = share * milliseconds.length;
  let below = 0;
  for (const [index, edge] of EDGES.entries()) {
    const upTo = milliseconds.filter((time) => time <= edge).length;
    if (upTo >= rank) {
      const start = index === 0 ? 0 : (EDGES[index - 1] as number);
      return upTo === below ? edge : start + (edge - start) * ((rank - below) / (upTo - below));
    }
    below = upTo;
  }
  return EDGES.at(-1);
}
