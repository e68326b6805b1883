import { expect, test } from '@jest/globals';
import type { Analysis } from '../canary/odds/analysis.ts';
import { foretell } from './foretold.ts';

/** Five checks of a minute each, of which one may fail. */
const analysis: Analysis = {
  machine: { progress: { kind: 'evenWeights', step: 10, max: 50 }, threshold: 2 },
  intervalSeconds: 60,
  metrics: [{ counts: 'failed', tolerated: 0.01, windowSeconds: 60, whose: 'apart' }],
};

test('a good release is promoted without a failed request, after as many intervals as it has steps', () => {
  const { rolledBack, failed, seconds } = foretell(analysis, 50, { failed: 0, slow: 0 });
  expect(rolledBack).toBeLessThan(1e-9);
  expect(failed).toEqual({ from: 0, to: 0 });
  // From the first step on: five of them, and then the promotion.
  expect(seconds).toBeGreaterThan(5 * 60);
});

test('a bad one is rolled back before that, and some requests fail until then', () => {
  const good = foretell(analysis, 50, { failed: 0, slow: 0 });
  const { rolledBack, failed, seconds } = foretell(analysis, 50, { failed: 0.2, slow: 0 });
  expect(rolledBack).toBeGreaterThan(0.999);
  expect(seconds).toBeLessThan(good.seconds as number);
  expect(failed.from).toBeGreaterThan(0);
  expect(failed.to).toBeGreaterThan(failed.from);
  // The two checks see a tenth of the users, who ask 50 times a second, for a minute each and the one before.
  expect(failed.to).toBeLessThan(3 * 60 * 50 * 0.1 * 0.2 * 1.5);
});
