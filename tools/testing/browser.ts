import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../lib/chromium.ts';

/** What to do without one. */
export const NO_CHROMIUM = 'no Chromium found: install it, or name its program in CHROMIUM';
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

/** Starts a headless Chromium. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** How to look at a page. */
export interface View {
  /** The window's width in CSS pixels. */
  readonly width: number;
  /** @default light */
  readonly colorScheme?: 'light' | 'dark';
}

/** What a visitor of a page would have noticed. */
export interface Visit {
  /** Errors in the browser's console, requests that failed or were answered with an error. */
  readonly problems: string[];
  /** By how many pixels the page is wider than its window. */
  readonly overflow: number;
  readonly title: string;
  /** The whole page as a PNG. */
  readonly screenshot: Buffer;
}

/** Opens a page in a fresh profile, waits until it has loaded, and tells what was amiss. */
export async function visit(
  browser: Browser,
  url: string,
  { width, colorScheme = 'light' }: View,
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  try {
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
    page.on('requestfailed', (request) =>
      problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`),
    );
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    });
    await page.goto(url, { waitUntil: 'load' });
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    return {
      problems,
      overflow,
      title: await page.title(),
      screenshot: await page.screenshot({ fullPage: true }),
    };
  } finally {
    await context.close();
  }
}
