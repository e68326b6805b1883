import { isIPv6 } from 'node:net';

const GROUPS = 8;
const OWN_GROUPS = 4;

/**
 * The network of an address that somebody usually has to themselves: all of an IPv4 address, the first 64 bits of an
 * IPv6 address.
 *
 * @param address undefined when the request comes from within
 */
export function networkOf(address = 'within'): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*/, '');
  if (!isIPv6(plain)) return plain;
  // "::" stands for as many groups of zero as are missing; the end of the address doesn't matter.
  const [before = '', after = ''] = plain.split('::');
  const [first, last] = [before, after].map((groups) => groups.split(':').filter(Boolean)) as [
    string[],
    string[],
  ];
  const zeros = Array<string>(Math.max(0, GROUPS - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...last]
    .slice(0, OWN_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
