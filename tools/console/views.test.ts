import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { until } from '../lib/until.ts';
import { barriers } from '../testing/barriers.ts';
import { launchBrowser } from '../testing/browser.ts';
import { describeInBrowser } from '../testing/describe-in-browser.ts';
import { LocalRepo } from '../testing/local-start.ts';
import { type Console, startConsole } from './server.ts';

const CANARY = '/canaries/prod-eu-west-1/conduit/conduit';

describeInBrowser('the console, in a browser', () => {
  let repo: LocalRepo;
  let browser: Browser;
  let running: Console;
  /** What went wrong on any page. */
  const problems: string[] = [];

  beforeAll(async () => {
    repo = await LocalRepo.make();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
        cwd: repo.root,
      });
    git('checkout', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'all of it');
    repo.edit('dist/prod-eu-west-1/apps/conduit/conduit.yaml', 'maxWeight: 50', 'maxWeight: 60');
    [browser, running] = await Promise.all([launchBrowser(), startConsole({ root: repo.root })]);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await running?.stop();
    await repo?.reset();
    repo?.remove();
    expect(problems).toEqual([]);
  });

  async function open(path: string, width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${path}: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`${path}: ${error.message}`));
    await page.goto(`${running.url}${path}`);
    return page;
  }

  const pages = [
    '/',
    '/clusters/prod-eu-west-1',
    '/clusters/prod-eu-west-1/objects/Canary/conduit/conduit',
    '/search?q=deployment',
    '/canaries',
    CANARY,
    '/rehearse',
    '/changes',
  ];
  const views = [375, 1280].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
  );

  it.each(pages.flatMap((path) => views.map((view) => ({ path, ...view }))))(
    '$path keeps nobody out and fits a window of $width pixels, $colorScheme',
    async ({ path, width, colorScheme }) => {
      const page = await open(path, width, colorScheme);
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect({ overflow, barriers: await barriers(page) }).toEqual({ overflow: 0, barriers: [] });
      await page.context().close();
    },
  );

  it('leads by clicks from the fleet to a cluster, an object, its odds, and on to all views', async () => {
    const page = await open('/');
    await page.click('a.card[href="/clusters/prod-eu-west-1"]');
    await page.click('.graph a[href="#conduit"]');
    await page.click('#conduit a:text-is("conduit") >> nth=0');
    expect(await page.textContent('h1')).toBe('conduit');
    expect(await page.textContent('pre.yaml')).toContain('kind: Namespace');
    await page.fill('#search', 'canary prod conduit');
    await page.press('#search', 'Enter');
    await page.click('tr:has-text("Canary") a:text-is("prod-eu-west-1")');
    expect(await page.textContent('pre.yaml')).toContain('maxWeight: 60');
    await page.click('text=What this canary stops');
    expect(await page.textContent('.settings')).toContain('up to 60 %');
    for (const view of ['Canaries', 'Rehearse', 'Changes', 'Fleet']) {
      await page.click(`.views a:text-is("${view}")`);
      expect(await page.textContent('h1')).toBe(view);
      expect(await page.textContent('.views a[aria-current="page"]')).toBe(view);
    }
    await page.context().close();
  });

  it('answers a slider at once, with the words, the odds and the plots', async () => {
    const page = await open(CANARY);
    const odds = () => page.textContent('#odds');
    const plots = () =>
      page.locator('#plots img').evaluateAll((all) => all.map((one) => one.outerHTML).join());
    const [before, drawn] = [await odds(), await plots()];
    await page.locator('#traffic').fill('-0.3');
    expect(await page.textContent('output[for="traffic"]')).toBe('0.5/s');
    expect(await odds()).not.toBe(before);
    expect(await page.textContent('#odds .remarks')).toContain(
      'No request of a user is in the first window in 5 % of releases',
    );
    expect(await page.textContent('#said')).toMatch(/A healthy release is rolled back in .* of cases/);
    expect(await until(async () => (await plots()) !== drawn, 5_000)).toBe(true);
    await page.click('#what-if button[type="reset"]');
    expect(await until(async () => (await odds()) === before, 5_000)).toBe(true);
    expect(await page.textContent('output[for="traffic"]')).toBe('10/s');
    await page.context().close();
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open('/');
    await page.keyboard.press('Tab');
    expect(await page.textContent(':focus')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.locator('main').evaluate((main) => main.matches(':focus'))).toBe(true);
    await page.goto(`${running.url}${CANARY}`);
    const before = await page.textContent('#odds');
    await page.focus('#threshold');
    await page.keyboard.press('ArrowRight');
    expect(await page.textContent('output[for="threshold"]')).toBe('6');
    expect(await page.getAttribute('#threshold', 'aria-valuetext')).toBe('6');
    expect(await page.textContent('#odds')).not.toBe(before);
    await page.goto(`${running.url}/changes`);
    await page.focus('.change summary');
    await page.keyboard.press('Enter');
    expect(await page.locator('.change').first().getAttribute('open')).not.toBeNull();
    await page.context().close();
  });

  it('folds what changes by cluster, and tells it when unfolded', async () => {
    const page = await open('/changes');
    expect(await page.textContent('.settings')).toContain('1 cluster: 1 object changed');
    expect(await page.locator('.change').count()).toBe(1);
    const field = page.locator('.diff .depth-1');
    expect(await field.isVisible()).toBe(false);
    await page.click('.change > summary');
    await page.click('.diff summary');
    expect(await field.textContent()).toContain('maxWeight: 50 → 60');
    await page.fill('#base', 'nowhere');
    await page.press('#base', 'Enter');
    expect(await page.textContent('[role="alert"]')).toContain('found no commit "nowhere"');
    await page.context().close();
  });

  it('rehearses a release that all can watch, through a reload, and says how it compares', async () => {
    const page = await open('/rehearse');
    const other = await open('/rehearse');
    await page.selectOption('#canary', 'dev-eu-west-1/conduit');
    await page.selectOption('#release', 'failing');
    await page.fill('#speed', '30');
    await page.fill('#rps', '1');
    await page.click('button:text-is("Rehearse")');
    await page.waitForSelector('#stop:visible');
    await other.waitForSelector('.run.running', { timeout: 30_000 });
    expect(await other.locator('#release').isDisabled()).toBe(true);
    // A second one has to wait, wherever it is asked for.
    const refused = await fetch(`${running.url}/rehearse/start`, {
      method: 'POST',
      headers: { origin: running.url },
      body: new URLSearchParams({ canary: 'dev-eu-west-1/conduit', release: 'good' }),
    });
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('goes on already')]);
    await page.waitForSelector('td:has-text("failed: ")', { timeout: 30_000 });
    await page.reload();
    await page.waitForSelector('.live .bad');
    expect(await barriers(page)).toEqual([]);
    await page.waitForSelector('.run.ended', { timeout: 60_000 });
    await other.waitForSelector('.run.ended');
    expect(await page.textContent('.verdict tr:has-text("Decision")')).toContain('Rolled back');
    expect(await page.textContent('.verdict tr:has-text("Decision")')).toContain('rolled back in');
    // What was chosen is still there.
    expect(await page.inputValue('#rps')).toBe('1');
    expect(await page.textContent('#announce')).toMatch(/^Rolled back, \d+ requests? failed$/);
    expect(await page.locator('#stop').isVisible()).toBe(false);
    expect(await barriers(page)).toEqual([]);
    await page.context().close();
    await other.context().close();
  }, 120_000);

  it('stops a rehearsal when asked, and can begin another', async () => {
    const page = await open('/rehearse');
    await page.fill('#speed', '12');
    await page.click('button:text-is("Rehearse")');
    await page.waitForSelector('.run.running', { timeout: 30_000 });
    await page.click('button:text-is("Stop the rehearsal")');
    await page.waitForSelector('.run.stopped', { timeout: 30_000 });
    expect(await page.locator('#release').isDisabled()).toBe(false);
    await page.context().close();
  }, 90_000);
});
