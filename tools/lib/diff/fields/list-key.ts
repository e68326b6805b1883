import { canonical, isObject, type Json, valueAt } from './json.ts';
import type { ItemKey } from './path.ts';

/** The fields that tell an item from the others, where the common ones would mislead; `?` ends one that may miss. */
const OF_LIST: Readonly<Record<string, readonly (readonly string[])[]>> = {
  // A container may mount one volume twice.
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  // Names are optional where there is one port; DNS has two protocols on one.
  ports: [['name'], ['containerPort', 'protocol?'], ['port', 'protocol?']],
  rules: [['host'], ['name'], ['alert'], ['record']],
  tolerations: [['key', 'effect?']],
};

/** The fields that tell an item from the others in most lists, best first. */
const COMMON: readonly (readonly string[])[] = [
  ['name'],
  ['kind', 'name'],
  ['kind?', 'namespace?', 'name'],
  ['kind', 'namespace', 'name'],
  ['key'],
  ['host'],
  ['path'],
  ['type'],
  ['topologyKey'],
  ['secretName'],
  ['ip'],
  ['id'],
];

/** What tells the items of a list from each other: its key for each, before and after the change. */
export interface Keyed {
  before: ItemKey[];
  after: ItemKey[];
}

/**
 * The natural keys of a list's items: the first fields that every item has and no two share, before and after.
 *
 * @param list the list's own name: `containers`
 * @returns nothing when its items have only their places
 */
export function naturalKeys(
  list: string,
  before: readonly Json[],
  after: readonly Json[],
): Keyed | undefined {
  // Then nothing can be told from the keys that the items themselves don't say better.
  if (before.length === 0 || after.length === 0) return undefined;
  if (![...before, ...after].every(isObject)) return undefined;
  const candidates = (Object.hasOwn(OF_LIST, list) ? OF_LIST[list] : undefined) ?? COMMON;
  for (const fields of candidates) {
    const keys = { before: keysBy(fields, before), after: keysBy(fields, after) };
    if (keys.before && keys.after) return { before: keys.before, after: keys.after };
  }
  return undefined;
}

/** Each item's key, or none at all when an item lacks a field, has no plain value in it, or shares its key. */
function keysBy(fields: readonly string[], items: readonly Json[]): ItemKey[] | undefined {
  const keys: ItemKey[] = [];
  for (const item of items) {
    const key: ItemKey = {};
    for (const field of fields) {
      const name = field.replace('?', '');
      const value = valueAt(item, name) ?? null;
      if (typeof value === 'object' && (value !== null || name === field)) return undefined;
      key[name] = value;
    }
    keys.push(key);
  }
  return new Set(keys.map(canonical)).size === keys.length ? keys : undefined;
}
