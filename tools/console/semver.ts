/** A channel that some projects put in front (`edge-26.8.3`), three numbers, a pre-release, a build. */
const PATTERN = /^([a-z]+-|v)?(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/;

/**
 * Compares two versions by the precedence of semantic versioning.
 *
 * @returns negative when `a` comes before `b`, positive when after, 0 for the same, and nothing when one of them is no
 *   semantic version and they differ
 * @see https://semver.org/#spec-item-11
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  const [one, other] = [PATTERN.exec(a), PATTERN.exec(b)];
  if (one === null || other === null) return undefined;
  if (channel(one) !== channel(other)) return undefined;
  for (const part of [2, 3, 4]) {
    const difference = Number(one[part]) - Number(other[part]);
    if (difference !== 0) return difference;
  }
  return comparePreReleases(one[5], other[5]);
}

function channel([, prefix = '']: RegExpExecArray): string {
  return prefix === 'v' ? '' : prefix;
}

function comparePreReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(b !== undefined) - Number(a !== undefined);
  const [ones, others] = [a.split('.'), b.split('.')];
  for (const [index, one] of ones.entries()) {
    const other = others[index];
    if (other === undefined) return 1;
    const difference = compareIdentifiers(one, other);
    if (difference !== 0) return difference;
  }
  return ones.length - others.length;
}

/** Numbers by value and before words; words by their characters. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA && isNumberB) return Number(a) - Number(b);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
