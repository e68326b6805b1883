// IPv4 ranges as bit arithmetic on unsigned 32-bit numbers.

/** An IPv4 range: the addresses from `first` to `last`, both included, as unsigned 32-bit numbers. */
export interface Cidr {
  first: number;
  last: number;
  /** The length of the network's prefix in bits, 0 to 32. */
  prefix: number;
}

/**
 * The ranges of RFC 1918, which nobody routes on the internet.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1918#section-3
 */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => parseCidr(text) as Cidr);

/**
 * Reads a range such as `10.10.0.0/16`. An address inside the network stands for the whole of it, as with most tools:
 * `10.10.3.0/16` is read as `10.10.0.0/16`; see {@link formatCidr} for the one right way to write it.
 *
 * @returns `undefined` when the text is no IPv4 range
 */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { first, last: first + size - 1, prefix };
}

/** Writes a range by its first address: `10.10.0.0/16`. */
export function formatCidr({ first, prefix }: Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join('.')}/${prefix}`;
}

/** Whether two ranges share an address. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether a range lies as a whole in one of the private ranges of RFC 1918. */
export function isPrivate({ first, last }: Cidr): boolean {
  return PRIVATE.some((range) => range.first <= first && last <= range.last);
}

/**
 * The lowest range of a size in 10.0.0.0/8 that overlaps none of those taken.
 *
 * @param prefix the size wanted, as the length of its prefix: 8 to 32
 * @returns `undefined` when none is left
 */
export function firstFree(prefix: number, taken: readonly Cidr[]): Cidr | undefined {
  const [within] = PRIVATE as [Cidr];
  const size = 2 ** (32 - prefix);
  for (let first = within.first; first <= within.last; first += size) {
    const range = { first, last: first + size - 1, prefix };
    if (!taken.some((other) => overlap(range, other))) return range;
  }
  return undefined;
}
