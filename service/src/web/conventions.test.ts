/**
 * What RealWorld's public end-to-end tests look for: the customary names of classes and fields, the usual texts, and that
 * there is no second of what they expect once.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { ARTICLES } from '../seed/articles.ts';
import { seed } from '../seed/seed.ts';
import { describeInBrowser, launchBrowser, type Person, person } from '../testing/browser.ts';
import { startTestService, type TestService, Visitor } from '../testing.ts';

const ARTICLE = '/article/by-the-writer';

describeInBrowser('the conventions of RealWorld', () => {
  let service: TestService;
  let browser: Browser;
  let guest: Page;
  let reader: Page;
  let writer: Page;
  const people: Person[] = [];

  async function signedIn(name: string): Promise<Page> {
    await Visitor.signedUp(service, name);
    const { page } = await visitor();
    await page.goto('/login');
    await page.fill('input[name="email"]', `${name.toLowerCase()}@example.com`);
    await page.fill('input[name="password"]', 'password1');
    await page.click('button[type="submit"]');
    await page.waitForURL('/');
    return page;
  }

  async function visitor(): Promise<Person> {
    const one = await person(browser, service);
    people.push(one);
    return one;
  }

  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestService(), launchBrowser()]);
    await seed(service.database.pool);
    guest = (await visitor()).page;
    [reader, writer] = await Promise.all([signedIn('Reader'), signedIn('Writer')]);
    await writer.goto('/editor');
    await writer.fill('input[name="title"]', 'By the writer');
    await writer.fill('input[name="description"]', 'About it.');
    await writer.fill('textarea[name="body"]', 'A body.');
    for (const tag of ['alpha', 'beta']) {
      await writer.fill('input[placeholder="Enter tags"]', tag);
      await writer.press('input[placeholder="Enter tags"]', 'Enter');
    }
    await writer.click('button:has-text("Publish Article")');
    await writer.waitForURL(ARTICLE);
  });

  afterAll(async () => {
    await Promise.all(people.map(({ leave }) => leave()));
    await browser?.close();
    await service?.stop();
  });

  /** How many there are of each. */
  async function counts(page: Page, path: string, selectors: Record<string, number>): Promise<void> {
    await page.goto(path);
    const found = await Promise.all(
      Object.keys(selectors).map(
        async (selector) => [selector, await page.locator(selector).count()] as const,
      ),
    );
    expect(Object.fromEntries(found)).toEqual(selectors);
  }

  test('the frame, for a guest', async () => {
    for (const path of ['/', '/tag/alpha', '/profile/Writer', '/nothing']) {
      await counts(guest, path, {
        'nav.navbar': 1,
        'a.navbar-brand[href="/"]': 1,
        'nav a.nav-link:has-text("Home")': 1,
        'a[href="/login"]': 1,
        'a[href="/register"]': 1,
        'nav a[href^="/profile/"]': 0,
      });
    }
  });

  test('the frame, signed in', async () => {
    for (const path of ['/', '/tag/gardening', '/settings', '/editor']) {
      await counts(reader, path, {
        'a[href="/editor"]': 1,
        'a[href="/settings"]': 1,
        'a[href="/profile/Reader"]': 1,
        'nav .user-pic': 1,
        'a[href="/login"]': 0,
      });
    }
    expect((await reader.locator('nav a[href^="/profile/"]').first().textContent())?.trim()).toBe('Reader');
  });

  test.each(['/login', '/register'])('%s', async (path) => {
    const registering = path === '/register';
    await counts(guest, path, {
      h1: 1,
      'input[name="username"]': registering ? 1 : 0,
      'input[name="email"][placeholder="Email"]': 1,
      'input[name="password"][placeholder="Password"]': 1,
      'button[type="submit"]': 1,
      '.error-messages': 0,
      'a[href="/login"]': 1,
    });
    expect(await guest.textContent('h1')).toBe(registering ? 'Sign up' : 'Sign in');
    expect(await guest.getByRole('link', { name: 'Sign in' }).count()).toBe(1);
    await guest.click('button[type="submit"]');
    await guest.locator('ul.error-messages li').first().waitFor();
    expect(new URL(guest.url()).pathname).toBe(path);
  });

  test('the home page', async () => {
    await counts(guest, '/', {
      '.home-page .banner': 1,
      '.feed-toggle a.nav-link.active:has-text("Global Feed")': 1,
      '.nav-link:has-text("Your Feed")': 0,
      '.article-preview': 10,
      '.article-preview .article-meta img': 10,
      '.article-preview a.author': 10,
      '.article-preview a.preview-link h1:first-child': 10,
      '.article-preview p': 10,
      '.article-preview button.btn-outline-primary': 10,
      '.sidebar .tag-list .tag-pill.tag-default': new Set(ARTICLES.flatMap(({ tags }) => tags)).size + 2,
      '.pagination .page-item': 3,
      '.pagination .page-item.active:has(.page-link:has-text("1"))': 1,
    });
    const preview = guest.locator('.article-preview').first();
    expect(await preview.locator('h1').textContent()).toBe('By the writer');
    expect(await preview.locator('p').textContent()).toContain('About it.');
    expect(await preview.locator('.tag-list .tag-default').allTextContents()).toEqual(['alpha', 'beta']);
  });

  test('pictures load, and say by their address when nobody gave one', async () => {
    await guest.goto('/');
    for (const picture of await guest.locator('.article-meta img').all()) {
      expect(await picture.getAttribute('src')).toMatch(/\/default-avatar\.svg$/);
      expect(
        await picture.evaluate<boolean, { complete: boolean; naturalWidth: number }>(
          ({ complete, naturalWidth }) => complete && naturalWidth > 0,
        ),
      ).toBe(true);
    }
  });

  test('the feeds', async () => {
    await counts(reader, '/?feed=following', {
      '.nav-link.active:has-text("Your Feed")': 1,
      '.nav-link[href="/?feed=following"]': 1,
      '.nav-link[href="/"]:has-text("Global Feed")': 1,
      '.empty-feed-message:has-text("Your feed is empty") a[href="/"]': 1,
      '.article-preview': 0,
    });
    await guest.goto('/?feed=following');
    expect(new URL(guest.url()).pathname).toBe('/login');
    await counts(guest, '/tag/gardening', { '.nav-link.active:has-text("gardening")': 1 });
  });

  test('an article, for a guest', async () => {
    await counts(guest, ARTICLE, {
      '.article-page': 1,
      h1: 1,
      '.article-content p': 1,
      '.tag-list .tag-default:has-text("alpha")': 1,
      'a:has-text("Edit Article")': 0,
      'button:has-text("Delete Article")': 0,
      'textarea[placeholder="Write a comment..."]': 0,
      'a[href="/login"]': 1,
      '.article-page a[href="/login"]': 1,
    });
    for (const button of ['Follow Writer', 'Favorite Article']) {
      await guest.goto(ARTICLE);
      await guest.locator(`button:has-text("${button}")`).first().click();
      await guest.waitForURL('/login');
    }
  });

  test('an article, for its author', async () => {
    await counts(writer, ARTICLE, {
      h1: 1,
      'a[href="/editor/by-the-writer"]:has-text("Edit Article")': 1,
      'button:has-text("Delete Article")': 1,
      'button:has-text("Follow")': 0,
    });
  });

  test('favouriting and following, on an article', async () => {
    await reader.goto(ARTICLE);
    await reader.click('button.btn-outline-primary:has-text("Favorite")');
    await reader.waitForSelector('button.btn-primary:has-text("Unfavorite")');
    await reader.click('button.btn-primary:has-text("Unfavorite")');
    await reader.waitForSelector('button.btn-outline-primary:has-text("Favorite")');
    await reader.locator('button:has-text("Follow")').first().click();
    await reader.locator('button:has-text("Unfollow Writer")').first().waitFor();
    await reader.locator('button:has-text("Unfollow")').first().click();
    await reader.locator('button:has-text("Follow Writer")').first().waitFor();
  });

  test('comments', async () => {
    await reader.goto(ARTICLE);
    await reader.fill('textarea[placeholder="Write a comment..."]', 'First!');
    await reader.click('button:has-text("Post Comment")');
    await reader.waitForFunction((most: number) => {
      const { document } = globalThis as unknown as {
        document: { querySelectorAll(of: string): { length: number } };
      };
      return document.querySelectorAll('.card:not(.comment-form) .card-block').length === most;
    }, 1);
    expect(await reader.inputValue('textarea[placeholder="Write a comment..."]')).toBe('');
    expect(await reader.locator('.comment-form .comment-author-img').count()).toBe(1);
    const card = reader.locator('.card', { has: reader.locator('text="First!"') });
    expect(await card.locator('.card-block p').textContent()).toBe('First!');
    expect(await card.locator('.comment-author-img').getAttribute('src')).toContain('default-avatar.svg');
    await writer.goto(ARTICLE);
    expect(await writer.locator('.mod-options').count()).toBe(0);
    await card.locator('span.mod-options i.ion-trash-a').click();
    await reader.locator('.card:not(.comment-form)').waitFor({ state: 'detached' });
  });

  test('the editor', async () => {
    await counts(writer, '/editor/by-the-writer', {
      'input[name="title"]': 1,
      'input[name="description"]': 1,
      'textarea[name="body"]': 1,
      '.tag-list .tag-pill': 2,
      '.tag-list .tag-pill i': 2,
      'button[type="submit"]:has-text("Publish Article")': 1,
    });
    expect(await writer.inputValue('input[name="title"]')).toBe('By the writer');
    expect(await writer.inputValue('input[placeholder="Enter tags"]')).toBe('');
    await writer.locator('.tag-list .tag-pill i').first().click();
    expect(await writer.locator('.tag-list .tag-pill').allTextContents()).toEqual([' beta']);
  });

  test('the settings', async () => {
    await counts(reader, '/settings', {
      'input[name="image"]': 1,
      'input[name="username"]': 1,
      'textarea[name="bio"]': 1,
      'input[name="email"]': 1,
      'input[name="password"]': 1,
      'button[type="submit"]': 1,
      'button[type="submit"]:has-text("Update Settings")': 1,
      'button.btn-outline-danger:has-text("Or click here to logout")': 1,
    });
    expect(await reader.inputValue('input[name="image"]')).toBe('');
    expect(await reader.inputValue('textarea[name="bio"]')).toBe('');
  });

  test('profiles', async () => {
    await counts(reader, '/profile/Writer', {
      '.profile-page .user-info .user-img': 1,
      h4: 1,
      '.user-info p': 1,
      'button:has-text("Follow")': 1,
      '.user-info a[href="/settings"]': 0,
      'a[href="/profile/Writer/favorites"]:has-text("Favorited")': 1,
      '.article-preview': 1,
    });
    expect(await reader.textContent('h4')).toBe('Writer');
    expect(await reader.textContent('.user-info p')).toBe('');
    await counts(writer, '/profile/Writer', {
      'a[href="/settings"]:has-text("Edit Profile Settings")': 1,
      'button:has-text("Follow")': 0,
    });
    await counts(guest, '/profile/nobody', { '.profile-page, .user-info': 1 });
    await counts(guest, '/article/nothing', { '.article-page': 1 });
  });

  test('addresses that are not for guests lead them away', async () => {
    for (const path of ['/editor', '/editor/by-the-writer', '/settings']) {
      await guest.goto(path);
      expect(new URL(guest.url()).pathname).toBe('/login');
    }
  });
});
