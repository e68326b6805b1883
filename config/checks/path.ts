/** The way from the root of a config to one of its values. */
export type Path = readonly PropertyKey[];

/** A path as a TypeScript reader would write it: `clusters[1].region`, `rings["a b"]`. */
export function showPath(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[\w-]+$/.test(String(key))) return `[${JSON.stringify(String(key))}]`;
      return index === 0 ? String(key) : `.${String(key)}`;
    })
    .join('');
}

/** The value at a path; `undefined` when there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Whether a path leads to another one's value or to something that holds it. */
export function isAtOrAbove(path: Path, other: Path): boolean {
  return path.length <= other.length && path.every((key, index) => key === other[index]);
}

/**
 * Compares two paths by where their values stand in the config, for sorting; what is missing comes after what stands in
 * the same object.
 */
export function byPosition(root: unknown, a: Path, b: Path): number {
  for (let depth = 0; depth < Math.min(a.length, b.length); depth += 1) {
    if (a[depth] === b[depth]) continue;
    const holder = valueAt(root, a.slice(0, depth));
    return position(holder, a[depth]) - position(holder, b[depth]);
  }
  return a.length - b.length;
}

function position(holder: unknown, key: PropertyKey | undefined): number {
  const keys = typeof holder === 'object' && holder !== null ? Object.keys(holder) : [];
  const index = keys.indexOf(String(key));
  return index === -1 ? keys.length : index;
}
