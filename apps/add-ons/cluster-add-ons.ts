import { OPTIONAL_ADD_ONS, type OptionalAddOn } from '../../config/add-ons.ts';
import { ConfigError, type Mistake } from '../../config/errors.ts';
import type { Config } from '../../config/load.ts';
import { appSettings } from '../../config/per-ring.ts';
import type { Cluster } from '../../config/schema.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { METRICS_SERVER } from '../../flux/add-ons/metrics-server.ts';
import { chooseAddOns } from './choose.ts';
import { type AddOnContext, addOnContext } from './context.ts';
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
  const { kept, missed } = chooseAddOns(all, (name) => !isOptional(name) || context.has(name));
  const scaled = context.has(METRICS_SERVER) ? [] : scaledApps(config, cluster);
  if (scaled.length > 0) missed.set(METRICS_SERVER, [...(missed.get(METRICS_SERVER) ?? []), ...scaled]);
  const mistakes = [...missed].map(([name, dependants]): Mistake => {
    const [are, stand] = dependants.length === 1 ? ['is', 'stands'] : ['are', 'stand'];
    return {
      file: 'config/platform.ts',
      path: wordFor(name as OptionalAddOn, context),
      says: `found "off" for ${cluster.name}; allowed: "on" where there ${are} ${dependants.join(', ')}, which ${stand} on it`,
    };
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return kept;
}

/** The apps whose number of pods is chosen by what they use: without measurements they stay at their fewest. */
function scaledApps({ platform }: Config, { apps, ring }: Cluster): string[] {
  return apps.filter((app) => {
    const { min, max } = appSettings(platform, app, ring).replicas;
    return min < max;
  });
}

/** Where the config says that an add-on is left out: for the ring, or for all of them. */
function wordFor(name: OptionalAddOn, { config: { platform }, ring }: AddOnContext): string {
  const index = platform.rings.findIndex((own) => own.name === ring.name);
  return ring.addOns[name] === undefined ? `addOns.${name}` : `rings[${index}].addOns.${name}`;
}

function isOptional(name: string): name is OptionalAddOn {
  return name in OPTIONAL_ADD_ONS;
}
