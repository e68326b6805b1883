import { expect, it } from '@jest/globals';
import type { ClusterView, Fleet, ObjectView } from './fleet.ts';
import { searchObjects, searchPage } from './search-page.ts';

function object(kind: string, name: string, namespace?: string): ObjectView {
  return { kind, name, file: 'dist/x.yaml', ...(namespace && { namespace }) };
}

function cluster(name: string, objects: readonly ObjectView[]): ClusterView {
  const layer = {
    name: 'shop',
    group: 'apps' as const,
    path: '',
    dependsOn: [],
    isSuspended: false,
    objects,
  };
  return { name, layers: [layer], root: [object('OCIRepository', 'flagger')], objects: objects.length };
}

const shared = [
  object('Service', 'shop-canary', 'shop'),
  object('Deployment', 'shop', 'shop'),
  object('ClusterRole', 'reads:shop'),
];
const fleet: Fleet = {
  rings: [],
  apps: [],
  addOns: [],
  clusters: [cluster('dev', shared), cluster('prod', [...shared, object('Deployment', 'cart', 'shop')])],
};

it.each([
  ['deployment', ['Deployment shop', 'Deployment cart']],
  ['cart', ['Deployment cart']],
  ['SHOP service', ['Service shop-canary']],
  ['deployment prod', ['Deployment shop', 'Deployment cart']],
  ['repository', ['OCIRepository flagger']],
  ['nothing', []],
  ['  ', []],
])('finds by %j', (query, found) => {
  const names = searchObjects(fleet, query).map(({ kind, name }) => `${kind} ${name}`);
  expect(names.sort()).toEqual([...found].sort());
});

it('tells an object once, with the clusters that have it, and what is called so first', () => {
  const [first, second] = searchObjects(fleet, 'shop');
  expect(first).toMatchObject({ kind: 'Deployment', name: 'shop', clusters: ['dev', 'prod'] });
  expect(second).toMatchObject({ kind: 'Service', name: 'shop-canary' });
});

it('leads to each object, and lets no word become markup', () => {
  const page = searchPage(fleet, 'reads:shop');
  expect(page).toContain('href="/clusters/dev/objects/ClusterRole/-/reads%3Ashop"');
  expect(searchPage(fleet, '<script>')).not.toContain('<script>');
});
