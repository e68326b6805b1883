import type { AddOn } from '../../flux/add-on.ts';

/** What is left of the add-ons of a cluster, and who misses what. */
export interface Choice {
  kept: AddOn[];
  /** Of each add-on that is left out, those that are kept and stand on it; only where there are any. */
  missed: Map<string, string[]>;
}

/** Leaves out the add-ons that are not wanted. */
export function chooseAddOns(all: readonly AddOn[], isWanted: (name: string) => boolean): Choice {
  const kept = all.filter(({ name }) => isWanted(name));
  const missed = new Map<string, string[]>();
  for (const { name } of all) {
    if (isWanted(name)) continue;
    const dependants = kept.filter(({ dependsOn }) => dependsOn.includes(name));
    if (dependants.length > 0)
      missed.set(
        name,
        dependants.map((addOn) => addOn.name),
      );
  }
  return { kept, missed };
}
