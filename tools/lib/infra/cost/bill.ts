import { ringSizing } from '../../../../config/per-ring.ts';
import type { Platform } from '../../../../config/schema.ts';
import type { Template } from '../templates.ts';
import { ASSUMED, assumedItems, type CostItem, itemsOf } from './items.ts';
import { pricesOf } from './prices.ts';

/** What a cluster, or what an account has once, costs in a month. */
export interface Bill {
  /** `prod-eu-west-1`, or `account 333333333333`. */
  of: string;
  /** The region whose prices these are, and the one it is in where the table has no prices of that. */
  prices: string;
  /** Dearest first. */
  items: CostItem[];
  usd: number;
}

/**
 * The bills of a platform: one for each cluster, and for each account what it has once.
 *
 * @param templates by stack, as synthesized
 */
export function bills(platform: Platform, templates: ReadonlyMap<string, Template>): Bill[] {
  const clusters = platform.clusters.map((cluster) => {
    const { prices, of } = pricesOf(cluster.region);
    const usage = ASSUMED[ringSizing(platform, cluster.ring)];
    const items = [
      ...itemsOf(stacksOf(cluster.name, templates, platform), prices),
      ...assumedItems(usage, cluster.zones.length, prices),
    ];
    return bill(cluster.name, of === cluster.region ? of : `${of}, for want of ${cluster.region}`, items);
  });
  const byAccount = Map.groupBy(platform.clusters, ({ account }) => account);
  const accounts = [...byAccount].map(([account, [first]]) => {
    const { prices, of } = pricesOf(first?.region ?? '');
    return bill(
      `account ${account}`,
      of,
      itemsOf(stacksOf(`account-${account}`, templates, platform), prices),
    );
  });
  return [...clusters, ...accounts];
}

function bill(of: string, prices: string, items: readonly CostItem[]): Bill {
  const sorted = items.filter(({ usd }) => usd > 0).sort((a, b) => b.usd - a.usd);
  return { of, prices, items: sorted, usd: sorted.reduce((sum, { usd }) => sum + usd, 0) };
}

/** The templates of the stacks whose name begins with an owner's, and with no longer one. */
function stacksOf(
  owner: string,
  templates: ReadonlyMap<string, Template>,
  { clusters }: Platform,
): Template[] {
  const longer = clusters.map(({ name }) => name).filter((name) => name.startsWith(`${owner}-`));
  return [...templates]
    .filter(
      ([stack]) => stack.startsWith(`${owner}-`) && !longer.some((name) => stack.startsWith(`${name}-`)),
    )
    .map(([, template]) => template);
}
