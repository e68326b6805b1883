import type { Platform } from '../../../../config/schema.ts';
import { UserError } from '../../user-error.ts';
import { identity } from '../aws/account.ts';
import type { Aws } from '../aws/aws.ts';
import { deployedTemplate, describeStack } from '../aws/stacks.ts';
import { ownerOf } from '../stacks.ts';
import type { Template } from '../templates.ts';

/** Where checks of public addresses are, whatever region their cluster is in. */
const HEALTH_REGION = 'us-east-1';

/**
 * The templates that stacks were last deployed by.
 *
 * @param names those to look for; which are not deployed have none
 * @throws UserError when one of them is in another account than the credentials
 */
export async function liveTemplates(
  aws: Aws,
  platform: Platform,
  names: readonly string[],
): Promise<Map<string, Template>> {
  const homes = names.map((name) => ({ name, ...homeOf(platform, name) }));
  const [first] = homes;
  if (first === undefined) return new Map();
  const { account } = await identity(aws, first.region);
  const foreign = homes.find((home) => home.account !== account);
  if (foreign)
    throw new UserError(
      `--live: the credentials are for account ${account}, and ${foreign.name} is in ${foreign.account}: name a cluster, and sign in to its account`,
    );
  const found = await Promise.all(
    homes.map(
      async ({ name, region }): Promise<[string, Template][]> =>
        (await describeStack(aws, region, name)) ? [[name, await deployedTemplate(aws, region, name)]] : [],
    ),
  );
  return new Map(found.flat());
}

function homeOf({ clusters }: Platform, stack: string): { account: string; region: string } {
  const owner = ownerOf(
    stack,
    clusters.map(({ name }) => name),
  );
  const [, id] = /^account-(\d{12})-/.exec(stack) ?? [];
  const cluster = clusters.find(({ name, account }) =>
    owner === undefined ? account === id : name === owner,
  );
  const region = stack.endsWith('-health') ? HEALTH_REGION : (cluster?.region ?? '');
  return { account: cluster?.account ?? id ?? '', region };
}
