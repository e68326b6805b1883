import { isDeepStrictEqual } from 'node:util';
import type { Resource, Template } from '../templates.ts';
import type { Replacement, Replaces } from './replacement.ts';
import { type State, stateOf } from './stateful.ts';

/** What happens to a resource, the worst last. */
export const FATES = ['appears', 'changes', 'may be replaced', 'goes', 'is replaced'] as const;

export type Fate = (typeof FATES)[number];

/** What a deployment does to one resource. */
export interface Change {
  /** `prod-eu-west-1-data` */
  stack: string;
  /** Its id in the template. */
  id: string;
  type: string;
  /** The name that we chose; empty where AWS does. */
  name: string;
  fate: Fate;
  /** The properties that change, or why else. */
  because: readonly string[];
  /** Whether it stays in AWS, where no stack knows it any more. */
  isKept: boolean;
  /** What is lost if it goes. */
  state?: State | undefined;
}

/**
 * What a deployment does to the resources of a stack.
 *
 * @param before `undefined` when there is no such stack yet
 * @param replacement which changes put another resource in the place of one
 */
export function compareTemplates(
  stack: string,
  before: Template | undefined,
  after: Template,
  replacement: () => Replacement,
): Change[] {
  const old = before?.Resources ?? {};
  const next = after.Resources ?? {};
  const fates = fatesOf(old, next, replacement);
  return [...fates].map(([id, { fate, because }]) => {
    const resource = old[id] ?? next[id];
    const { Type = '', DeletionPolicy } = resource ?? {};
    return {
      stack,
      id,
      type: Type,
      name: nameOf(resource),
      fate,
      because,
      isKept: /^Retain/.test(DeletionPolicy ?? ''),
      state: stateOf(Type),
    };
  });
}

type Resources = Readonly<Record<string, Resource>>;

interface Found {
  fate: Fate;
  because: string[];
}

function fatesOf(old: Resources, next: Resources, replacement: () => Replacement): Map<string, Found> {
  const fates = new Map<string, Found>();
  for (const id of [...new Set([...Object.keys(old), ...Object.keys(next)])].sort()) {
    const [before, after] = [old[id], next[id]];
    if (before === undefined) fates.set(id, { fate: 'appears', because: [] });
    else if (after === undefined) fates.set(id, { fate: 'goes', because: [] });
    else if (!isDeepStrictEqual(before, after)) fates.set(id, changed(before, after, replacement()));
  }
  renamed(old, next, fates);
  if ([...fates.values()].some(({ fate }) => fate === 'is replaced')) follow(next, fates, replacement());
  return fates;
}

function changed(before: Resource, after: Resource, replacement: Replacement): Found {
  if (before.Type !== after.Type) return { fate: 'is replaced', because: [`it was ${before.Type}`] };
  const properties = differingKeys(before.Properties ?? {}, after.Properties ?? {});
  const others = differingKeys({ ...before, Properties: 0 }, { ...after, Properties: 0 });
  const by = (replaces: Replaces) => properties.filter((key) => replacement(after.Type, key) === replaces);
  const [surely, perhaps] = [by('yes'), by('maybe')];
  if (surely.length > 0) return { fate: 'is replaced', because: surely };
  if (perhaps.length > 0) return { fate: 'may be replaced', because: perhaps };
  return { fate: 'changes', because: [...properties, ...others] };
}

/** An id is how CloudFormation knows a resource: under another one, the same name is another resource. */
function renamed(old: Resources, next: Resources, fates: Map<string, Found>): void {
  for (const [id, found] of fates) {
    const before = old[id];
    if (found.fate !== 'goes' || nameOf(before) === '') continue;
    const heir = [...fates].find(
      ([other, { fate }]) =>
        fate === 'appears' && next[other]?.Type === before?.Type && nameOf(next[other]) === nameOf(before),
    );
    if (heir) fates.set(id, { fate: 'is replaced', because: [`its id becomes ${heir[0]}`] });
  }
}

/** What names a resource that is replaced names another one afterwards. */
function follow(next: Resources, fates: Map<string, Found>, replacement: Replacement): void {
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    const replaced = [...fates].filter(([, { fate }]) => fate === 'is replaced').map(([id]) => id);
    for (const [id, { Type, Properties = {} }] of Object.entries(next)) {
      const fate = fates.get(id)?.fate;
      if (fate === 'appears' || fate === 'is replaced') continue;
      const because = Object.entries(Properties)
        .filter(([key, value]) => replacement(Type, key) === 'yes' && names(value, replaced))
        .map(([key]) => key);
      if (because.length === 0) continue;
      fates.set(id, { fate: 'is replaced', because });
      hasChanged = true;
    }
  }
}

/** Whether a value has a reference to one of some resources. */
function names(value: unknown, ids: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((item) => names(item, ids));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => {
    if (key === 'Ref') return ids.includes(inner);
    if (key === 'Fn::GetAtt')
      return ids.includes(Array.isArray(inner) ? inner[0] : String(inner).split('.')[0]);
    return names(inner, ids);
  });
}

function differingKeys(before: object, after: object): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => !isDeepStrictEqual(Reflect.get(before, key), Reflect.get(after, key)));
}

/** The name of a resource that we chose: `QueueName` of a queue, `GroupName` of a security group, `Name` of others. */
function nameOf({ Type = '', Properties = {} }: Partial<Resource> = {}): string {
  const kind = Type.split('::').at(-1)?.toLowerCase() ?? '';
  const key = Object.keys(Properties).find((property) => {
    const [, of] = /^(.*)(?:Name|Identifier)$/.exec(property) ?? [];
    return of !== undefined && kind.endsWith(of.toLowerCase()) && typeof Properties[property] === 'string';
  });
  return key === undefined ? '' : String(Properties[key]);
}
