import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../testing/browser.ts';
import { describeInBrowser } from '../../../testing/describe-in-browser.ts';
import type { Analysis } from '../odds/analysis.ts';
import { BROKEN, HEALTHY } from '../odds/assumptions.ts';
import { modelOf } from '../odds/model.ts';
import { curvePlot } from './curve.ts';
import { rampPlot } from './ramp.ts';

const analysis: Analysis = {
  machine: { progress: { kind: 'evenWeights', step: 10, max: 50 }, threshold: 5, promotionStep: 25 },
  intervalSeconds: 60,
  metrics: [{ counts: 'failed', tolerated: 0.01, windowSeconds: 60, whose: 'apart' }],
};
const assumptions = { healthy: HEALTHY, broken: BROKEN, loadSees: 0 };
const model = (requestsPerSecond: number) => modelOf(analysis, { requestsPerSecond, matched: 0.1 });
const curves = [1, 10, 100, 1000].map((rate) => ({ word: `${rate}/s`, model: model(rate), assumptions }));
const name = 'shop & <b>"cart"</b>';
const plots: [string, string][] = [
  ['users over time', rampPlot(name, model(2), assumptions)],
  ['the operating curve', curvePlot(name, curves)],
  [
    'a curve that nothing is caught on',
    curvePlot(name, [
      {
        word: 'none',
        model: modelOf({ ...analysis, metrics: [] }, { requestsPerSecond: 1, matched: 1 }),
        assumptions,
      },
    ]),
  ],
];

describeInBrowser('a plot', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each(plots)('of %s stands alone, and nothing in it is cut off', async (_, svg) => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|url\(|<script|NaN|undefined/,
    );
    const page = await browser.newPage({ viewport: { width: 800, height: 420 } });
    try {
      // As an image, where nothing outside could be loaded, it must be well-formed.
      const source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      const width = await page.evaluate(async (from: string) => {
        const image = new (globalThis as any).Image();
        image.src = from;
        await image.decode();
        return image.naturalWidth;
      }, source);
      expect(width).toBe(760);
      await page.setContent(svg);
      const outside = await page.evaluate(() => {
        const document = (globalThis as any).document;
        const paper = document.querySelector('.paper').getBoundingClientRect();
        return [...document.querySelectorAll('text, path, circle')].flatMap((element) => {
          const box = element.getBoundingClientRect();
          const isInside =
            box.left >= paper.left - 1 &&
            box.right <= paper.right + 1 &&
            box.top >= paper.top - 1 &&
            box.bottom <= paper.bottom + 1;
          return isInside ? [] : [element.outerHTML];
        });
      });
      expect(outside).toEqual([]);
      expect(await page.locator('.title').textContent()).toContain(name);
    } finally {
      await page.close();
    }
  });

  test('is dark where the reader likes it dark', async () => {
    const colour = async (colorScheme: 'light' | 'dark') => {
      const page = await browser.newPage({ colorScheme });
      try {
        await page.setContent(plots[0]?.[1] ?? '');
        return await page
          .locator('.paper')
          .evaluate((element) => (globalThis as any).getComputedStyle(element).fill as string);
      } finally {
        await page.close();
      }
    };
    expect(await colour('light')).toBe('rgb(255, 255, 255)');
    expect(await colour('dark')).toBe('rgb(16, 28, 32)');
  });
});
