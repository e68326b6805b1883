import { align } from './align.ts';
import { canonical, isObject, type Json, type JsonObject } from './json.ts';
import { type Keyed, naturalKeys } from './list-key.ts';
import { type ItemKey, pathText, type Step } from './path.ts';

/** One field that is not what it was. */
export interface FieldChange {
  /** Where, for a person: `spec.template.spec.containers[conduit].image`. */
  path: string;
  /** Where, for a program. */
  steps: Step[];
  /** `reordered` is a list whose items are all there in another order. */
  change: 'added' | 'removed' | 'changed' | 'reordered';
  /** The value before; for `reordered` the steps to the items that stayed, in their order. */
  before?: Json;
  /** The value after; for `reordered` as `before`. */
  after?: Json;
  /** The place of an added item in its list after the change. */
  index?: number;
}

/**
 * The fields that differ between two values, in an order in which they can be applied one after the other.
 *
 * Items of a list are matched by what tells them apart (a container's name, a rule's host), so that a new one among
 * them is one change; where nothing does, equal items are matched, and what stands between them by its place.
 */
export function compare(before: Json, after: Json): FieldChange[] {
  return [...walk(before, after, [])];
}

function* walk(before: Json, after: Json, at: Step[]): Generator<FieldChange> {
  if (isObject(before) && isObject(after)) yield* walkObject(before, after, at);
  else if (Array.isArray(before) && Array.isArray(after)) yield* walkList(before, after, at);
  else if (before !== after) yield { path: pathText(at), steps: at, change: 'changed', before, after };
}

function* walkObject(before: JsonObject, after: JsonObject, at: Step[]): Generator<FieldChange> {
  for (const [key, value] of Object.entries(before)) {
    const next = after[key];
    if (Object.hasOwn(after, key) && next !== undefined) yield* walk(value, next, [...at, key]);
    else yield removed([...at, key], value);
  }
  for (const [key, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, key)) yield added([...at, key], value);
  }
}

function walkList(before: readonly Json[], after: readonly Json[], at: Step[]): Generator<FieldChange> {
  const name = at.findLast((step) => typeof step === 'string') ?? '';
  const keyed = naturalKeys(name, before, after);
  return keyed ? walkKeyed(before, after, keyed, at) : walkPlaces(before, after, at);
}

function* walkKeyed(
  before: readonly Json[],
  after: readonly Json[],
  keys: Keyed,
  at: Step[],
): Generator<FieldChange> {
  const placeAfter = new Map(keys.after.map((key, index) => [canonical(key), index]));
  const matched = new Map<number, number>();
  for (const [index, key] of keys.before.entries()) {
    const found = placeAfter.get(canonical(key));
    if (found !== undefined) matched.set(index, found);
  }
  for (const [from, to] of renamed(before, after, keys, matched)) matched.set(from, to);

  for (const [from, to] of [...matched].sort(([a], [b]) => a - b)) {
    const [old, next, key] = [before[from], after[to], keys.before[from]];
    if (old !== undefined && next !== undefined && key) yield* walk(old, next, [...at, { key }]);
  }
  for (const [index, key] of keys.before.entries()) {
    if (!matched.has(index)) yield removed([...at, { key }], before[index] ?? null);
  }
  const step = (index: number): Json => ({ key: keys.after[index] ?? {} });
  const stayed = [...matched].sort(([a], [b]) => a - b).map(([, to]) => to);
  const wanted = stayed.toSorted((a, b) => a - b);
  if (canonical(stayed) !== canonical(wanted)) {
    const order = { before: stayed.map(step), after: wanted.map(step) };
    yield { path: pathText(at), steps: at, change: 'reordered', ...order };
  }
  const kept = new Set(stayed);
  for (const [index, key] of keys.after.entries()) {
    if (!kept.has(index)) yield added([...at, { key }], after[index] ?? null, index);
  }
}

/** Items that only got another key, all else being equal: a rule whose host changed. */
function renamed(
  before: readonly Json[],
  after: readonly Json[],
  keys: Keyed,
  matched: ReadonlyMap<number, number>,
): [number, number][] {
  const taken = new Set(matched.values());
  const rest = (item: Json | undefined, key: ItemKey = {}) => {
    const others = Object.entries(isObject(item) ? item : {}).filter(([field]) => !Object.hasOwn(key, field));
    return others.length > 0 ? canonical(Object.fromEntries(others)) : undefined;
  };
  const pairs: [number, number][] = [];
  for (const [from, item] of before.entries()) {
    if (matched.has(from)) continue;
    const own = rest(item, keys.before[from]);
    const to = after.findIndex(
      (other, index) =>
        !taken.has(index) &&
        own !== undefined &&
        own === rest(other, keys.after[index]) &&
        differing(keys.before[from], keys.after[index]) === 1,
    );
    if (to < 0) continue;
    taken.add(to);
    pairs.push([from, to]);
  }
  return pairs;
}

function differing(before: ItemKey = {}, after: ItemKey = {}): number {
  return Object.keys(before).filter((field) => before[field] !== after[field]).length;
}

function* walkPlaces(before: readonly Json[], after: readonly Json[], at: Step[]): Generator<FieldChange> {
  const equal = align(before.map(canonical), after.map(canonical));
  const gone: number[] = [];
  const came: number[] = [];
  let [from, to] = [0, 0];
  for (const [nextFrom, nextTo] of [...equal, [before.length, after.length] as const]) {
    for (; from < nextFrom && to < nextTo; from++, to++) {
      yield* walk(before[from] ?? null, after[to] ?? null, [...at, { index: from }]);
    }
    for (; from < nextFrom; from++) gone.push(from);
    for (; to < nextTo; to++) came.push(to);
    from = nextFrom + 1;
    to = nextTo + 1;
  }
  // From the end, so that the places of those still to go stay true.
  for (const index of gone.reverse()) yield removed([...at, { index }], before[index] ?? null);
  for (const index of came) yield added([...at, { index }], after[index] ?? null, index);
}

function removed(steps: Step[], before: Json): FieldChange {
  return { path: pathText(steps), steps, change: 'removed', before };
}

function added(steps: Step[], after: Json, index?: number): FieldChange {
  return { path: pathText(steps), steps, change: 'added', after, ...(index === undefined ? {} : { index }) };
}
