import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare, type FieldChange } from './compare.ts';
import { canonical, type Json, type JsonObject } from './json.ts';
import { hasKey, type Step } from './path.ts';

/** Each change in one line, values as JSON. */
function told(before: Json, after: Json): string[] {
  return compare(before, after).map(({ path, change, before: old, after: next, index }) => {
    if (change === 'reordered') return `${path} reordered`;
    if (change === 'added')
      return `+ ${path}${index === undefined ? '' : `@${index}`} ${JSON.stringify(next)}`;
    return change === 'removed'
      ? `- ${path} ${JSON.stringify(old)}`
      : `${path} ${JSON.stringify(old)} -> ${JSON.stringify(next)}`;
  });
}

describe('fields', () => {
  test.each<[what: string, before: Json, after: Json, changes: string[]]>([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b 1 -> 2']],
    ['a number that becomes a text', { a: 1 }, { a: '1' }, ['a 1 -> "1"']],
    ['null and nothing', { a: null }, {}, ['- a null']],
    ['a new branch, whole', {}, { a: { b: [1] } }, ['+ a {"b":[1]}']],
    ['the order of keys, which says nothing', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    [
      'a key with dots',
      { annotations: { 'linkerd.io/inject': 'enabled' } },
      { annotations: {} },
      ['- annotations[linkerd.io/inject] "enabled"'],
    ],
    ['an empty list', { args: [] }, { args: ['--a'] }, ['+ args[0]@0 "--a"']],
    ['keys that objects inherit', { constructor: 1 }, { toString: 1 }, ['- constructor 1', '+ toString 1']],
  ])('%s', (_, before, after, changes) => {
    expect(told(before, after)).toEqual(changes);
  });
});

describe('lists', () => {
  test.each<[what: string, list: string, before: Json[], after: Json[], changes: string[]]>([
    [
      'containers by name',
      'containers',
      [{ name: 'web', image: 'a' }],
      [{ name: 'proxy' }, { name: 'web', image: 'b' }],
      ['containers[web].image "a" -> "b"', '+ containers[proxy]@0 {"name":"proxy"}'],
    ],
    [
      'env by name',
      'env',
      [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      [{ name: 'B', value: '3' }],
      ['env[B].value "2" -> "3"', '- env[A] {"name":"A","value":"1"}'],
    ],
    [
      'dependsOn by name',
      'dependsOn',
      [{ name: 'a' }],
      [{ name: 'b' }, { name: 'a' }],
      ['+ dependsOn[b]@0 {"name":"b"}'],
    ],
    [
      'dependsOn across namespaces',
      'dependsOn',
      [{ name: 'a' }, { name: 'a', namespace: 'x' }],
      [{ name: 'a', namespace: 'x' }],
      ['- dependsOn[a] {"name":"a"}'],
    ],
    [
      'subjects of two kinds',
      'subjects',
      [
        { kind: 'User', name: 'a' },
        { kind: 'Group', name: 'a' },
      ],
      [
        { kind: 'Group', name: 'a', apiGroup: 'x' },
        { kind: 'User', name: 'a' },
      ],
      ['+ subjects[Group/a].apiGroup "x"', 'subjects reordered'],
    ],
    [
      'rules by host',
      'rules',
      [
        { host: 'a', http: 1 },
        { host: 'b', http: 1 },
      ],
      [{ host: 'b', http: 2 }],
      ['rules[b].http 1 -> 2', '- rules[a] {"host":"a","http":1}'],
    ],
    [
      'a rule that only got another host',
      'rules',
      [{ host: 'a', http: 1 }],
      [{ host: 'b', http: 1 }],
      ['rules[a].host "a" -> "b"'],
    ],
    [
      'an item that is its name and no more',
      'dependsOn',
      [{ name: 'a' }],
      [{ name: 'b' }],
      ['- dependsOn[a] {"name":"a"}', '+ dependsOn[b]@0 {"name":"b"}'],
    ],
    [
      'paths by path',
      'paths',
      [{ path: '/', to: 1 }],
      [
        { path: '/api', to: 2 },
        { path: '/', to: 3 },
      ],
      ['paths[/].to 1 -> 3', '+ paths[/api]@0 {"path":"/api","to":2}'],
    ],
    [
      'ports by name',
      'ports',
      [{ name: 'http', port: 80 }],
      [{ name: 'http', port: 81 }],
      ['ports[http].port 80 -> 81'],
    ],
    [
      'ports by number and protocol',
      'ports',
      [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
      [
        { port: 53, protocol: 'TCP', x: 1 },
        { port: 53, protocol: 'UDP' },
      ],
      ['+ ports[53/TCP].x 1', 'ports reordered'],
    ],
    [
      'two mounts of one volume',
      'volumeMounts',
      [
        { name: 'v', mountPath: '/a' },
        { name: 'v', mountPath: '/b' },
      ],
      [{ name: 'v', mountPath: '/b', readOnly: true }],
      ['+ volumeMounts[/b].readOnly true', '- volumeMounts[/a] {"name":"v","mountPath":"/a"}'],
    ],
    [
      'constraints by topology',
      'topologySpreadConstraints',
      [{ topologyKey: 'zone', maxSkew: 1 }],
      [
        { topologyKey: 'host', maxSkew: 2 },
        { topologyKey: 'zone', maxSkew: 1 },
      ],
      ['+ topologySpreadConstraints[host]@0 {"topologyKey":"host","maxSkew":2}'],
    ],
    [
      'items that share a name, by their places',
      'rows',
      [
        { name: 'a', x: 1 },
        { name: 'a', x: 2 },
      ],
      [
        { name: 'a', x: 1 },
        { name: 'a', x: 3 },
      ],
      ['rows[1].x 2 -> 3'],
    ],
    [
      'rules with nothing to tell them apart',
      'egress',
      [{ to: [1] }, { to: [2] }],
      [{ to: [0] }, { to: [1] }, { to: [2] }],
      ['+ egress[0]@0 {"to":[0]}'],
    ],
    ['plain values', 'args', ['a', 'b', 'c'], ['b', 'c', 'd'], ['- args[0] "a"', '+ args[2]@2 "d"']],
    [
      'one plain value for another',
      'args',
      ['--port=80', '--x'],
      ['--port=81', '--x'],
      ['args[0] "--port=80" -> "--port=81"'],
    ],
    [
      'another order',
      'env',
      [{ name: 'A' }, { name: 'B' }],
      [{ name: 'B' }, { name: 'A' }],
      ['env reordered'],
    ],
  ])('%s', (_, list, before, after, changes) => {
    expect(told({ [list]: before }, { [list]: after })).toEqual(changes);
  });

  test('a long list with everything new is told without a search', () => {
    const lines = (prefix: string) => Array.from({ length: 5000 }, (_, index) => `${prefix}${index}`);
    expect(compare({ args: lines('a') }, { args: lines('b') })).toHaveLength(5000);
  });
});

/** A property as any other, also where its key is `__proto__`. */
const PLAIN = { configurable: true, enumerable: true, writable: true };

/** Applies what was told, one change after the other. */
function applyChanges(value: Json, changes: readonly FieldChange[]): Json {
  const holder: JsonObject = { root: structuredClone(value) };
  for (const { steps, change, after = null, index } of changes) {
    const path: Step[] = ['root', ...steps];
    const last = path.pop() ?? 'root';
    const parent = path.reduce<any>((at, step) => at[place(at, step)], holder);
    if (change === 'reordered') {
      const list = parent[place(parent, last)];
      const items = (after as unknown as Step[]).map((step) => list[place(list, step)]);
      list.splice(0, list.length, ...items);
    } else if (Array.isArray(parent)) {
      if (change === 'added') parent.splice(index ?? Number.NaN, 0, after);
      else if (change === 'removed') parent.splice(place(parent, last) as number, 1);
      else parent[place(parent, last) as number] = after;
    } else if (change === 'removed') delete parent[place(parent, last)];
    else Object.defineProperty(parent, place(parent, last), { value: after, ...PLAIN });
  }
  return holder.root ?? null;
}

function place(at: any, step: Step): string | number {
  if (typeof step === 'string') return step;
  if ('index' in step) return step.index;
  const found = at.findIndex((item: Json) => hasKey(item, step.key));
  if (found < 0) throw new Error(`no item ${JSON.stringify(step)}`);
  return found;
}

/** Lists of things with names, as manifests have them, beside anything that JSON can hold. */
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const { tree } = fc.letrec<{ tree: Json; item: Json; plain: Json }>((tie) => ({
  plain: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.constant(null), name),
  item: fc.oneof(
    { weight: 4, arbitrary: fc.record({ name, value: tie('plain') }, { requiredKeys: ['name'] }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: name, name, namespace: name }, { requiredKeys: ['kind', 'name'] }),
    },
    { weight: 2, arbitrary: fc.record({ host: name, rest: tie('tree') }, { requiredKeys: ['host'] }) },
    tie('plain'),
  ),
  tree: fc.oneof(
    { maxDepth: 4 },
    tie('plain'),
    fc.dictionary(fc.constantFrom('ports', 'rules', 'env', 'x', '__proto__', 'a.b/c'), tie('tree'), {
      maxKeys: 4,
    }),
    fc.array(tie('item'), { maxLength: 5 }),
    fc.uniqueArray(fc.record({ name, value: tie('tree') }), { selector: (item) => item.name }),
  ),
}));

describe('laws', () => {
  test('a value does not differ from itself', () => {
    fc.assert(fc.property(tree, (value) => compare(value, structuredClone(value)).length === 0));
  });

  test('what is told, applied to the value before, gives the value after', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        expect(canonical(applyChanges(before, compare(before, after)))).toBe(canonical(after));
      }),
      { numRuns: 2000 },
    );
  });
});
