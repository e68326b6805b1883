/** A part of the repo whose checks run only where they can find something. */
export type Area = 'service' | 'infra' | 'canaries' | 'release';

/** What everything stands on: the packages, and what runs the checks. */
const EVERYTHING = [
  /^package(-lock)?\.json$/,
  /^\.npmrc$/,
  /^tsconfig\.json$/,
  /^\.github\//,
  /^jest\.config\.mjs$/,
];

/** The files that each area is made from. */
const FILES: Readonly<Record<Area, readonly RegExp[]>> = {
  service: [/^service\//, /^tools\/(local|testing)\//],
  infra: [/^cluster-infra\//, /^config\//, /^cdk\.json$/, /^dist\//],
  canaries: [/^dist\/[^/]+\/apps\//, /^config\//, /^charts\//, /^tools\/lib\/canary\//],
  release: [/^service\//, /^tools\/release\//],
};

/**
 * Which areas a change may have broken. Types, style, `dist/` and all other tests are always looked at.
 *
 * @param files the files that changed, from the repo's root
 */
export function affectedAreas(files: readonly string[]): Record<Area, boolean> {
  const touches = (patterns: readonly RegExp[]) =>
    files.some((file) => [...patterns, ...EVERYTHING].some((pattern) => pattern.test(file)));
  return {
    service: touches(FILES.service),
    infra: touches(FILES.infra),
    canaries: touches(FILES.canaries),
    release: touches(FILES.release),
  };
}
