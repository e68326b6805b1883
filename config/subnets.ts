import { formatCidr, parseCidr } from './checks/cidr.ts';

/** The length of a subnet's prefix, for each kind of subnet. */
export interface SubnetSizes {
  private: number;
  public: number;
  database: number;
}

/**
 * How the range of a VPC is shared out. Every pod takes an address of a private subnet, so these get nearly all: equal
 * powers of two with one left over, of which public and database subnets take a sixteenth each.
 *
 * @param prefix that of the VPC: 16 to 20
 * @param zones 2 to 5
 */
export function subnetSizes(prefix: number, zones: number): SubnetSizes {
  const large = prefix + Math.ceil(Math.log2(zones + 1));
  return { private: large, public: large + 4, database: large + 4 };
}

/** The ranges of a VPC's subnets, zone by zone. */
export type Subnets = Record<keyof SubnetSizes, string[]>;

/**
 * The ranges of the subnets of a VPC, which are given out in this order: private, public, database.
 *
 * @param vpcCidr a range of /16 to /20: `10.10.0.0/16`
 * @param zones how many there are: 2 to 5
 * @throws RangeError when the text is no range
 */
export function subnets(vpcCidr: string, zones: number): Subnets {
  const vpc = parseCidr(vpcCidr);
  if (vpc === undefined) throw new RangeError(`${vpcCidr} is no IPv4 range`);
  const sizes = subnetSizes(vpc.prefix, zones);
  let { first } = vpc;
  const next = (prefix: number): string[] =>
    Array.from({ length: zones }, () => {
      const last = first + 2 ** (32 - prefix) - 1;
      const text = formatCidr({ first, last, prefix });
      first = last + 1;
      return text;
    });
  // Each kind begins at a multiple of its size, since those before it are no smaller.
  return { private: next(sizes.private), public: next(sizes.public), database: next(sizes.database) };
}
