import { afterAll, beforeAll, expect, it } from '@jest/globals';
import getPort from 'get-port';
import type { Browser } from 'playwright-core';
import { until } from '../lib/until.ts';
import { launchBrowser, visit } from '../testing/browser.ts';
import { describeInBrowser } from '../testing/describe-in-browser.ts';
import { LocalRepo } from '../testing/local-start.ts';

describeInBrowser('what npm start serves, in a browser', () => {
  let repo: LocalRepo;
  let browser: Browser;
  let urls: { serviceUrl: string; consoleUrl: string };

  beforeAll(async () => {
    repo = await LocalRepo.make();
    const [port, consolePort] = [await getPort({ reserve: true }), await getPort({ reserve: true })];
    const start = repo.start(['--port', String(port), '--console-port', String(consolePort)]);
    [browser, urls] = await Promise.all([launchBrowser(), start.ready()]);
  });

  afterAll(async () => {
    await browser?.close();
    await repo?.reset();
    repo?.remove();
  });

  const pages = [
    { name: 'the service’s home page', url: () => urls.serviceUrl },
    { name: 'the console’s fleet', url: () => urls.consoleUrl },
    { name: 'a cluster in the console', url: () => `${urls.consoleUrl}/clusters/staging-eu-west-1` },
  ];
  const views = [375, 1280].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
  );

  it.each(pages.flatMap((page) => views.map((view) => ({ ...page, ...view }))))(
    '$name loads whole and fits a window of $width pixels, $colorScheme',
    async ({ url, ...view }) => {
      const { problems, overflow } = await visit(browser, url(), view);
      expect({ problems, overflow }).toEqual({ problems: [], overflow: 0 });
    },
  );

  it('the console can be used with the keyboard alone', async () => {
    const page = await browser.newPage();
    await page.goto(urls.consoleUrl);
    await page.focus('a.card[href="/clusters/dev-eu-west-1"]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/clusters/dev-eu-west-1');
    await page.focus('.graph a[href="#conduit"]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/clusters/dev-eu-west-1#conduit');
    expect(await page.locator('section:target h3').textContent()).toMatch(/^conduit/);
    await page.close();
  });

  it('pointing at a box dims the lines that are not its own', async () => {
    const page = await browser.newPage();
    await page.goto(`${urls.consoleUrl}/clusters/dev-eu-west-1`);
    const dimmed = 'getComputedStyle(document.querySelector(".edge:not(.of-0)")).opacity';
    expect(await page.evaluate(dimmed)).toBe('1');
    await page.hover('.graph .at-0');
    expect(await until(async () => (await page.evaluate(dimmed)) === '0.14', 5_000)).toBe(true);
    await page.close();
  });
});
