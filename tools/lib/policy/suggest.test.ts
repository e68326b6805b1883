import { expect, test } from '@jest/globals';
import { mend } from './suggest.ts';

test.each([
  ['shpo', ['shop', 'cart'], 'write "shop", or make it'],
  ['flagger-metric', ['flagger', 'flagger-metrics'], 'write "flagger-metrics", or make it'],
  ['grafana', ['shop', 'cart'], 'make it'],
  ['shop', [], 'make it'],
])('%s among %j: %s', (name, known, says) => {
  expect(mend(name, known, 'make it')).toBe(says);
});
