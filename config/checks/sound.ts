import { isAtOrAbove, type Path, valueAt } from './path.ts';

/**
 * The parts of a config that nothing is wrong with, so that what depends on several values can be judged where each of
 * them is sound, and stays quiet where one is not.
 */
export interface Sound {
  /** Whether something stands at a path, with no mistake there or above; there may be one below. */
  has(path: Path): boolean;
  /** The string at a path; `undefined` when there is none, or a mistake stands there or above. */
  text(path: Path): string | undefined;
  /** The keys of the object or the indexes of the list at a path; none when a mistake stands there or above. */
  keys(path: Path): PropertyKey[];
}

/**
 * @param root a config, right or wrong
 * @param wrong the paths of its mistakes
 */
export function soundParts(root: unknown, wrong: readonly Path[]): Sound {
  const at = (path: Path) =>
    wrong.some((mistake) => isAtOrAbove(mistake, path)) ? undefined : valueAt(root, path);
  return {
    has: (path) => at(path) !== undefined,
    text(path) {
      const value = at(path);
      return typeof value === 'string' ? value : undefined;
    },
    keys(path) {
      const value = at(path);
      if (Array.isArray(value)) return [...value.keys()];
      return typeof value === 'object' && value !== null ? Object.keys(value) : [];
    },
  };
}
