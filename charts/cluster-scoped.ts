import { JsonPatch } from 'cdk8s';

/**
 * Takes an object out of its chart's namespace: cdk8s gives it to every object, and those of some kinds are in none.
 *
 * @param object of a kind whose objects belong to the whole cluster
 * @returns the same
 */
export function clusterScoped<Item extends { addJsonPatch(...operations: JsonPatch[]): void }>(
  object: Item,
): Item {
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return object;
}
