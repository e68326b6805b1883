// One name in several clusters.

/** A name that a cluster publishes. */
export interface Published {
  cluster: string;
  host: string;
}

/**
 * The names that several clusters publish: one of them gets the users, and the others stand by.
 *
 * @returns a line for each set of clusters
 */
export function collisions(routes: readonly Published[]): string[] {
  const clustersOf = Map.groupBy(routes, ({ host }) => host);
  const shared = [...clustersOf].flatMap(([host, own]) => {
    const clusters = [...new Set(own.map(({ cluster }) => cluster))].sort();
    return clusters.length > 1 ? [{ host, clusters: clusters.join(', ') }] : [];
  });
  return [...Map.groupBy(shared, ({ clusters }) => clusters)].map(([clusters, own]) => {
    const hosts = own.map(({ host }) => host).sort();
    return `${hosts.join(', ')}: published by ${clusters}; whose external-dns came first gets the users, the others stand by`;
  });
}
