import { expect, test } from '@jest/globals';
import { selects } from './selector.ts';

const expressions = (...matchExpressions: object[]) => ({ matchExpressions });

test.each([
  [{}, true],
  [{ matchLabels: { app: 'shop' } }, true],
  [{ matchLabels: { app: 'shop', tier: 'web' } }, false],
  [expressions({ key: 'app', operator: 'In', values: ['shop', 'shop-primary'] }), true],
  [expressions({ key: 'app', operator: 'In', values: ['cart'] }), false],
  [expressions({ key: 'app', operator: 'NotIn', values: ['cart'] }), true],
  [expressions({ key: 'tier', operator: 'NotIn', values: ['web'] }), true],
  [expressions({ key: 'app', operator: 'NotIn', values: ['shop'] }), false],
  [expressions({ key: 'app', operator: 'Exists' }), true],
  [expressions({ key: 'tier', operator: 'Exists' }), false],
  [expressions({ key: 'tier', operator: 'DoesNotExist' }), true],
  [expressions({ key: 'app', operator: 'Like', values: ['shop'] }), false],
])('%j selects app=shop: %s', (selector, yes) => {
  expect(selects(selector, { app: 'shop' })).toBe(yes);
});
