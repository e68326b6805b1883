import { OPTIONAL_ADD_ONS, type OptionalAddOn } from '../../config/add-ons.ts';
import { ConfigError, type Mistake } from '../../config/errors.ts';
import type { Config } from '../../config/load.ts';
import type { Cluster } from '../../config/schema.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { addOnContext } from './context.ts';
import { deliveryAddOns } from './delivery.ts';
import { edgeAddOns } from './edge.ts';
import { guardRailsAddOns } from './guard-rails.ts';
import { meshAddOns } from './mesh.ts';
import { nodesAddOns } from './nodes.ts';
import { observabilityAddOns } from './observability.ts';

const SUBJECTS = [guardRailsAddOns, nodesAddOns, meshAddOns, edgeAddOns, observabilityAddOns, deliveryAddOns];

/**
 * The add-ons of a cluster.
 *
 * @throws ConfigError when the config leaves one out that another stands on
 */
export function clusterAddOns(config: Config, cluster: Cluster): AddOn[] {
  const context = addOnContext(config, cluster);
  const all = SUBJECTS.flatMap((subject) => subject(context));
  const kept = all.filter(({ name }) => !isOptional(name) || context.has(name));
  const mistakes = left(all, kept).map((name): Mistake => {
    const dependants = kept.filter(({ dependsOn }) => dependsOn.includes(name)).map((addOn) => addOn.name);
    return {
      file: 'config/platform.ts',
      path: `addOns.${name}`,
      says: `found "off" for ${cluster.name}; allowed: "on" where there ${dependants.length === 1 ? 'is' : 'are'} ${dependants.join(', ')}, which ${dependants.length === 1 ? 'stands' : 'stand'} on it`,
    };
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return kept;
}

/** Those that are left out though others that are kept need them. */
function left(all: readonly AddOn[], kept: readonly AddOn[]): string[] {
  const needed = new Set(kept.flatMap(({ dependsOn }) => dependsOn));
  return all.filter((addOn) => !kept.includes(addOn) && needed.has(addOn.name)).map(({ name }) => name);
}

function isOptional(name: string): name is OptionalAddOn {
  return name in OPTIONAL_ADD_ONS;
}
