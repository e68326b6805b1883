/** A real browser for tests, and what a visitor in front of it would have noticed. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { describe, test } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const NO_CHROMIUM = 'no Chromium found: install it, or name its program in CHROMIUM';

// Without these a headless browser calls home, which is noise in a test and needless on a train.
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A 1 × 1 picture: what every address of another site is answered with, so that no test needs the internet. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) return CHROMIUM;
  return ['/usr/bin', ...PATH.split(delimiter).filter(Boolean)]
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * A `describe` for tests that need a browser. Without one they are skipped, and say why, on a developer's machine; in CI
 * they fail, since there nobody would notice.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  if (findChromium() !== undefined) describe(name, tests);
  else if (process.env.CI) {
    describe(name, () => {
      test('has a browser', () => {
        throw new Error(NO_CHROMIUM);
      });
    });
  } else describe.skip(`${name} (${NO_CHROMIUM})`, tests);
}

/** Starts a headless browser. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** How a visitor looks at pages. */
export interface View {
  /** The window's width in CSS pixels. @default 1280 */
  readonly width?: number;
  /** @default light */
  readonly colorScheme?: 'light' | 'dark';
  /** Whether scripts run. @default true */
  readonly scripts?: boolean;
}

/** Somebody with a browser and a profile of their own. */
export interface Person {
  readonly page: Page;
  /** What went wrong since the last look: scripts that failed, rules that were broken, requests that were refused. */
  problems(): string[];
  /** By how many pixels the page is wider than its window. */
  overflow(): Promise<number>;
  /** What a check of accessibility (axe, WCAG 2.2 AA and good practice) finds. */
  barriers(): Promise<string[]>;
  leave(): Promise<void>;
}

/** Opens a fresh profile on a service. */
export async function person(
  browser: Browser,
  service: { readonly url: string },
  { width = 1_280, colorScheme = 'light', scripts = true }: View = {},
): Promise<Person> {
  const context = await browser.newContext({
    baseURL: service.url,
    viewport: { width, height: 800 },
    colorScheme,
    javaScriptEnabled: scripts,
  });
  context.setDefaultTimeout(10_000);
  await context.route(
    (url) => url.origin !== service.url,
    (route) => route.fulfill({ contentType: 'image/gif', body: PIXEL }),
  );
  const problems: string[] = [];
  watch(context, problems);
  const page = await context.newPage();
  return {
    page,
    problems: () => problems.splice(0),
    overflow: () =>
      page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    barriers: () => barriers(page),
    leave: () => context.close(),
  };
}

function watch(context: BrowserContext, problems: string[]): void {
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => problems.push(`script: ${error.error().message}`));
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // Whoever goes on to the next page waits for no icon of the last one.
    if (reason !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} ${reason}`);
  });
  context.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that are checked: the law (WCAG to 2.2, A and AA) and what is good practice besides. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}
