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
