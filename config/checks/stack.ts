/**
 * Where in the repo's own modules a stack has been, innermost first: `charts/web-service.ts:95`. The line is not always
 * known.
 *
 * @param root the folder of the repo, by its real path
 * @param stack an error's, or a part of it
 */
export function ownPlaces(root: string, stack: string): string[] {
  return stack
    .split('\n')
    .flatMap((line) => line.split(`${root}/`)[1]?.match(/^(?!node_modules\/)[\w./-]+\.ts(:\d+)?/)?.[0] ?? []);
}
