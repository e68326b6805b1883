/** `1.2.3` with anything before a dash and after, as images and charts are tagged. */
const VERSION = /^v?(\d+(?:\.\d+)*)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/;

/**
 * Whether a version comes before another, by the rules of semantic versions.
 *
 * @returns false also where that can't be told
 * @see https://semver.org/#spec-item-11
 */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => VERSION.exec(text.split('@')[0] ?? ''));
  if (!a || !b) return false;
  const order =
    compareParts(a[1] ?? '', b[1] ?? '') ||
    // A release comes after its pre-releases.
    Number(a[2] === undefined) - Number(b[2] === undefined) ||
    compareParts(a[2] ?? '', b[2] ?? '');
  return order < 0;
}

function compareParts(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one, other] = [left[index], right[index]];
    // Fewer parts come first, and so do numbers before words.
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const [x, y] = [one, other].map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
    if (x === undefined || y === undefined) continue;
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
    if (!Number.isNaN(x) && x !== y) return x - y;
    if (Number.isNaN(x) && one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
