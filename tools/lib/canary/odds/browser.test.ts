import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { launchBrowser } from '../../../testing/browser.ts';
import { describeInBrowser } from '../../../testing/describe-in-browser.ts';
import { BROKEN, HEALTHY } from './assumptions.ts';
import { planCanary } from './plan.ts';

const ENTRY = `
export { planCanary } from './plan.ts';
export { operatingCurve } from './curve.ts';
export { bands } from './bands.ts';
export { suggest } from './suggest.ts';
export { step } from '../machine/step.ts';
export { rampPlot } from '../plot/ramp.ts';
export { curvePlot } from '../plot/curve.ts';
`;

const input = [
  {
    machine: { progress: { kind: 'evenWeights', step: 10, max: 50 }, threshold: 5, promotionStep: 25 },
    intervalSeconds: 60,
    metrics: [{ counts: 'failed', tolerated: 0.01, windowSeconds: 60, whose: 'apart' }],
  },
  { requestsPerSecond: 2, matched: 0.1 },
  { healthy: HEALTHY, broken: BROKEN, loadSees: 0 },
] as const satisfies Parameters<typeof planCanary>;

describeInBrowser('what computes odds and draws them', () => {
  test('needs nothing but a browser, and finds the same there', async () => {
    const { outputFiles } = await build({
      stdin: { contents: ENTRY, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      minify: true,
      format: 'iife',
      globalName: 'odds',
      platform: 'browser',
      write: false,
    });
    const script = outputFiles[0]?.text ?? '';
    // A page has room for it.
    expect(script.length).toBeLessThan(30_000);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: script });
      const plan = await page.evaluate(
        ([analysis, traffic, assumptions]) =>
          (globalThis as any).odds.planCanary(analysis, traffic, assumptions).plan,
        input as unknown as unknown[],
      );
      expect(plan).toEqual(JSON.parse(JSON.stringify(planCanary(...input).plan)));
    } finally {
      await browser.close();
    }
  });
});
