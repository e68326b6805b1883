/**
 * A way through a graph that ends where it began, if there is one.
 *
 * @param graph each name with those it leads to; names that are not there are passed over
 */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  /** The way from where the search began to where it is, in order. */
  const way = new Set<string>();
  const visit = (name: string): string[] | undefined => {
    if (way.has(name)) return [...[...way].slice([...way].indexOf(name)), name];
    if (done.has(name)) return undefined;
    way.add(name);
    for (const next of graph.get(name) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    way.delete(name);
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const cycle = visit(name);
    if (cycle) return cycle;
  }
  return undefined;
}
