import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findChromium } from '../lib/chromium.ts';
import { launchBrowser, visit } from './browser.ts';
import { describeInBrowser } from './describe-in-browser.ts';

describe('the choice of a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-browser-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is what CHROMIUM names', () => {
    expect(findChromium({ CHROMIUM: '/opt/my-chromium', PATH: '' })).toBe('/opt/my-chromium');
  });

  it('is else what the PATH holds', () => {
    const program = join(folder, 'google-chrome');
    writeFileSync(program, '');
    chmodSync(program, 0o755);
    const found = findChromium({ PATH: folder });
    expect(found === program || found?.startsWith('/usr/bin/')).toBe(true);
  });
});

describeInBrowser('a visit', () => {
  let browser: Browser;
  let server: Server;
  let url: string;
  let body = '';

  beforeAll(async () => {
    browser = await launchBrowser();
    server = createServer((request, response) => {
      response.statusCode = request.url === '/' ? 200 : 404;
      response
        .setHeader('content-type', 'text/html; charset=utf-8')
        .end(`<link rel="icon" href="data:,">${body}`);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
  });

  afterEach(() => {
    body = '';
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('finds nothing amiss in a good page', async () => {
    body = '<title>Good</title><p>good';
    const { problems, overflow, title } = await visit(browser, url, { width: 375 });
    expect({ problems, overflow, title }).toEqual({ problems: [], overflow: 0, title: 'Good' });
  });

  it.each([
    { amiss: 'a missing picture', page: '<img src="/missing.png" alt="">', says: /404: .*missing\.png/ },
    { amiss: 'an error in a script', page: '<script>throw new Error("oops")</script>', says: /script: oops/ },
    {
      amiss: 'an error in the console',
      page: '<script>console.error("oops")</script>',
      says: /console: oops/,
    },
  ])('notices $amiss', async ({ page, says }) => {
    body = page;
    expect((await visit(browser, url, { width: 375 })).problems.join('\n')).toMatch(says);
  });

  it('measures what does not fit', async () => {
    body = '<body style="margin:0"><div style="width:500px">wide</div>';
    expect((await visit(browser, url, { width: 375 })).overflow).toBe(125);
  });
});
