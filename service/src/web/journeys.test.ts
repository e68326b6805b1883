/** What people come for, from beginning to end in a browser, with its scripts and without. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, type Person, person, type View } from '../testing/browser.ts';
import { call, startTestService, type TestService } from '../testing.ts';

describeInBrowser('a journey in a browser', () => {
  let service: TestService;
  let browser: Browser;
  const people: Person[] = [];

  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestService(), launchBrowser()]);
  });

  afterEach(async () => {
    await Promise.all(people.splice(0).map(({ leave }) => leave()));
  });

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  async function someone(view: View = {}): Promise<Person> {
    const one = await person(browser, service, view);
    people.push(one);
    return one;
  }

  async function register(page: Page, username: string): Promise<void> {
    await page.goto('/');
    await page.click('a[href="/register"]');
    await page.fill('input[name="username"]', username);
    await page.fill('input[name="email"]', `${username}@example.com`);
    await page.fill('input[name="password"]', 'password1');
    await page.click('button[type="submit"]');
    await page.waitForURL('/');
    await page.locator(`nav a[href="/profile/${username}"]`).waitFor();
  }

  const path = (page: Page) => page.url().slice(service.url.length);

  test.each([
    { scripts: true, width: 1_280 },
    { scripts: false, width: 375 },
  ])(
    'of a writer and a reader (scripts: $scripts, $width pixels)',
    async (view) => {
      const [writing, reading] = await Promise.all([someone(view), someone(view)]);
      const { page: writer } = writing;
      const { page: reader } = reading;
      const mark = view.scripts ? 'With' : 'Without';
      const names = { writer: `writer-${mark}`, reader: `reader-${mark}` };
      const slug = `${mark.toLowerCase()}-scripts`;

      await register(writer, names.writer);
      await writer.click('nav a[href="/editor"]');
      await writer.fill('input[name="title"]', `${mark} scripts`);
      await writer.fill('input[name="description"]', 'A description.');
      await writer.fill('textarea[name="body"]', 'It was *written* here.');
      const tags = writer.locator('input[placeholder="Enter tags"]');
      if (view.scripts) {
        await tags.fill('first');
        await tags.press('Enter');
        await tags.pressSequentially('second,third');
      } else {
        await tags.fill('first, second,third');
      }
      await writer.click('button:has-text("Publish Article")');
      await writer.waitForURL(`/article/${slug}`);
      expect(await writer.textContent('.article-content em')).toBe('written');
      expect(await writer.locator('.tag-list .tag-default').allTextContents()).toEqual([
        'first',
        'second',
        'third',
      ]);

      await writer.click('a:has-text("Edit Article")');
      await writer.fill('textarea[name="body"]', 'It was **changed** here.');
      if (view.scripts) await writer.locator('.tag-pill', { hasText: 'second' }).locator('i').click();
      else await writer.fill('input[placeholder="Enter tags"]', 'first, third');
      await writer.click('button:has-text("Publish Article")');
      await writer.locator('.article-content strong').waitFor();
      expect(await writer.locator('.tag-list .tag-default').allTextContents()).toEqual(['first', 'third']);

      await register(reader, names.reader);
      await reader
        .locator('.article-preview', { hasText: `${mark} scripts` })
        .locator('button')
        .click();
      await reader.locator(`#article-${slug} button.btn-primary`).waitFor();
      expect(path(reader)).toBe(`/#article-${slug}`);
      await reader.click(`#article-${slug} h1`);
      await reader.waitForURL(`/article/${slug}`);
      expect(
        await reader.locator('button:has-text("Unfavorite Article") .counter').first().textContent(),
      ).toBe('(1)');

      await reader.fill('textarea[name="body"]', 'Well said.');
      await reader.click('button:has-text("Post Comment")');
      await reader.locator('.card', { hasText: 'Well said.' }).locator('.mod-options button').click();
      await reader.waitForURL(`/article/${slug}#comments`);
      expect(await reader.locator('.card:not(.comment-form)').count()).toBe(0);

      await reader.locator(`button:has-text("Follow ${names.writer}")`).first().click();
      await reader.locator(`button:has-text("Unfollow ${names.writer}")`).first().waitFor();
      await reader.click('a.navbar-brand');
      await reader.click('a:has-text("Your Feed")');
      await reader.waitForURL('/?feed=following');
      expect(await reader.locator('.article-preview h1').allTextContents()).toEqual([`${mark} scripts`]);

      await reader.click('nav a[href="/settings"]');
      await reader.fill('input[name="username"]', `${names.reader}-2`);
      await reader.fill('textarea[name="bio"]', 'Reads a lot.');
      await reader.fill('input[name="password"]', 'password2');
      await reader.click('button:has-text("Update Settings")');
      await reader.waitForURL(`/profile/${names.reader}-2`);
      expect(await reader.textContent('.user-info p')).toBe('Reads a lot.');
      await reader.click('a:has-text("Favorited")');
      expect(await reader.locator('.article-preview h1').allTextContents()).toEqual([`${mark} scripts`]);

      await reader.click('nav a[href="/settings"]');
      await reader.click('button:has-text("Or click here to logout")');
      await reader.waitForURL('/');
      await reader.goto(`/article/${slug}`);
      await reader.click('.article-page a[href="/login"]');
      await reader.fill('input[name="email"]', `${names.reader}@example.com`);
      await reader.fill('input[name="password"]', 'password2');
      await reader.click('button[type="submit"]');
      // Back to what was being read.
      await reader.waitForURL(`/article/${slug}`);

      await writer.click('button:has-text("Delete Article")');
      await writer.waitForURL('/');
      expect(await writer.locator(`#article-${slug}`).count()).toBe(0);
      expect([...writing.problems(), ...reading.problems()]).toEqual([]);
    },
    60_000,
  );

  test('of somebody impatient: two clicks publish one article', async () => {
    const { page } = await someone();
    await register(page, 'impatient');
    await page.goto('/editor');
    await page.fill('input[name="title"]', 'Only once');
    await page.fill('input[name="description"]', 'd');
    await page.fill('textarea[name="body"]', 'b');
    await page.dblclick('button:has-text("Publish Article")');
    await page.waitForURL('/article/only-once');
    const { body } = await call(service, 'GET', '/articles?author=impatient');
    expect(body.articlesCount).toBe(1);
  });

  test('of somebody with a keyboard alone', async () => {
    const { page, problems } = await someone();
    await register(page, 'keyboard');
    await page.goto('/editor');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(path(page)).toBe('/editor#main');
    await page.focus('input[name="title"]');
    for (const text of ['By keyboard', 'A description', 'A body']) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('one,two');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    // On the cross of the first tag.
    await page.keyboard.press('Enter');
    expect(await page.locator('.tag-pill').allTextContents()).toEqual([' two']);
    // Back in the field, from where Enter on nothing sends nothing.
    await page.keyboard.press('Enter');
    expect(path(page)).toBe('/editor#main');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('/article/by-keyboard');
    await page.focus('textarea[name="body"]');
    await page.keyboard.type('A comment');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.card-text').waitFor();
    expect(problems()).toEqual([]);
  });
});
