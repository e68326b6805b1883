import { expect, test } from '@jest/globals';
import { lines } from './lines.ts';

const finding = (where: string, says = 'is missing') => ({ where, says });

test('what several clusters have alike is told once, where the first one stands', () => {
  expect(
    lines([
      finding('dist/dev/apps/shop/shop.yaml', 'dist/dev/flux makes it'),
      finding('dist/dev/apps/shop/shop.yaml'),
      finding('dist/prod-1/apps/shop/shop.yaml', 'dist/prod-1/flux makes it'),
    ]),
  ).toEqual([
    'dist/<cluster>/apps/shop/shop.yaml: dist/<cluster>/flux makes it (dev, prod-1)',
    'dist/dev/apps/shop/shop.yaml: is missing',
  ]);
});

test('what differs by more than the cluster is told apart', () => {
  const found = [
    finding('dist/dev/apps/shop/shop.yaml', 'dev-1 is not dev'),
    finding('dist/dev-1/apps/shop/shop.yaml', 'dev-1 is not dev'),
  ];
  expect(lines(found)).toEqual(found.map(({ where, says }) => `${where}: ${says}`));
});

test('what is of no cluster stays as it is', () => {
  expect(lines([finding('apps/images.yaml: dev.shop', 'is no image')])).toEqual([
    'apps/images.yaml: dev.shop: is no image',
  ]);
});
