import type { TracedRoute } from './trace.ts';

/**
 * What a request passes on each route, for a person.
 *
 * @returns lines of text, with an empty one behind each route
 */
export function routeTable(routes: readonly TracedRoute[]): string[] {
  const width = Math.max(0, ...routes.flatMap(({ hops }) => hops.map(({ name }) => name.length)));
  return routes.flatMap(({ cluster, host, path, hops, breaches }) => [
    `${cluster}: https://${host}${path}`,
    ...hops.map(({ name, is }) => `  ${name.padEnd(width)}  ${is}`),
    ...breaches.map(
      ({ path, wrong, fix }) => `  BROKEN: ${path === undefined ? '' : `${path}: `}${wrong}; ${fix}`,
    ),
    '',
  ]);
}
