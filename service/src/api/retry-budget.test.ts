import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRetryBudget } from './retry-budget.ts';

describe('the retry budget', () => {
  test('is a tenth of the calls and ten, however calls and failures follow each other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 2_000 }), (failures) => {
        const budget = createRetryBudget();
        let calls = 0;
        let retries = 0;
        for (const tries of failures) {
          budget.called();
          calls += 1;
          for (let left = tries; left > 0; left -= 1) if (budget.retry()) retries += 1;
          expect(retries).toBeLessThanOrEqual(10 + calls / 10);
        }
      }),
    );
  });

  test('lets one in ten calls be repeated when all fail', () => {
    const budget = createRetryBudget();
    let retries = 0;
    for (let call = 0; call < 1_000; call += 1) {
      budget.called();
      if (budget.retry()) retries += 1;
    }
    expect(retries).toBeGreaterThanOrEqual(100);
    expect(retries).toBeLessThanOrEqual(110);
  });

  test('does not save up more than ten for later', () => {
    const budget = createRetryBudget();
    for (let call = 0; call < 10_000; call += 1) budget.called();
    expect(Array.from({ length: 20 }, () => budget.retry()).filter(Boolean)).toHaveLength(10);
  });
});
