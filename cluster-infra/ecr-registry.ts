/** Where a registry of ECR is: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/slipway`. */
export interface EcrRegistry {
  account: string;
  region: string;
  /** What the names of its repositories begin with, before a slash. */
  prefix: string;
}

/** @returns `undefined` for a registry that is not one of ECR's */
export function ecrRegistry(registry: string): EcrRegistry | undefined {
  const match = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)$/.exec(registry);
  if (match === null) return undefined;
  const [, account = '', region = '', prefix = ''] = match;
  return { account, region, prefix };
}
