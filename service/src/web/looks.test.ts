/** Every page in a browser: nothing fails, everybody can use it, it fits a phone, by day and by night. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { seed } from '../seed/seed.ts';
import { describeInBrowser, launchBrowser, type Person, person } from '../testing/browser.ts';
import { call, signUpByApi, startTestService, type TestService } from '../testing.ts';

/** Every construct of Markdown, some of them wider than a phone. */
const BODY = `Some *text* with \`code\`, a [link](https://example.com) and an_unbreakable_${'word'.repeat(40)}.

# One

## Two

- a
  - b

1. c

> d

\`\`\`
${'a line of code that is far too long for a phone '.repeat(4)}
\`\`\`

${'| a column '.repeat(12)}|
${'| :-- '.repeat(12)}|
${'| a cell '.repeat(12)}|

![A picture](https://example.com/picture.png)

---`;

const AUTHOR = { email: `${Buffer.from('Author').toString('hex')}@example.com`, password: 'password1' };

/** As long as names may be. */
const LONG_NAME = 'A'.repeat(64);

describeInBrowser('every page, in a browser', () => {
  let service: TestService;
  let browser: Browser;

  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestService(), launchBrowser()]);
    await seed(service.database.pool);
    const author = await signUpByApi(service, 'Author');
    const reader = await signUpByApi(service, LONG_NAME);
    const article = {
      title: `On every_part_${'of_it_'.repeat(25)}`,
      description: 'All of Markdown, and comments.',
      body: BODY,
      tagList: ['markdown', 't'.repeat(50)],
    };
    const { body } = await call(service, 'POST', '/articles', { token: author, body: { article } });
    const comments = `/articles/${body.article.slug}/comments`;
    for (const token of [author, reader]) {
      const comment = { body: `First line\n\nand ${'unbreakable'.repeat(30)}` };
      await call(service, 'POST', comments, { token, body: { comment } });
    }
    slug = body.article.slug;
  });

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  let slug = '';

  /** Each page: its address, who looks, and what is done there first. */
  const PAGES: readonly {
    readonly name: string;
    readonly path: () => string;
    readonly signedIn: boolean;
    readonly first?: (who: Person) => Promise<void>;
    readonly expected?: RegExp;
  }[] = [
    { name: 'home, for a guest', path: () => '/', signedIn: false },
    { name: 'home', path: () => '/?page=2', signedIn: true },
    { name: 'the empty feed', path: () => '/?feed=following', signedIn: true },
    { name: 'a tag', path: () => '/tag/gardening', signedIn: false },
    { name: 'an article, for a guest', path: () => `/article/${slug}`, signedIn: false },
    { name: 'an article of one’s own', path: () => `/article/${slug}`, signedIn: true },
    { name: 'an article of another', path: () => '/article/leave-the-leaves', signedIn: true },
    {
      name: 'the editor, with tags',
      path: () => '/editor',
      signedIn: true,
      first: async ({ page }) => {
        for (const tag of ['one', 'two']) {
          await page.fill('#tags', tag);
          await page.press('#tags', 'Enter');
        }
      },
    },
    { name: 'the editor of an article', path: () => `/editor/${slug}`, signedIn: true },
    {
      name: 'the editor, refused',
      path: () => '/editor',
      signedIn: true,
      first: async ({ page }) => {
        await page.click('button:has-text("Publish Article")');
        await page.locator('.error-messages').waitFor();
      },
      expected: /status of 422/,
    },
    { name: 'the settings', path: () => '/settings', signedIn: true },
    { name: 'sign in', path: () => '/login', signedIn: false },
    { name: 'sign up', path: () => '/register', signedIn: false },
    { name: 'a profile, for a guest', path: () => '/profile/Edith%20Brandt', signedIn: false },
    { name: 'one’s own profile', path: () => '/profile/Author', signedIn: true },
    { name: 'favourites', path: () => '/profile/Demo%20Reader/favorites', signedIn: true },
    { name: 'nothing', path: () => '/nothing', signedIn: false, expected: /status of 404/ },
  ];

  // Colours differ by day and by night, what there is room for by the width: the check of accessibility, which takes the
  // longest, sees each of them once.
  const VIEWS = [
    { width: 375, colorScheme: 'light', axe: false },
    { width: 375, colorScheme: 'dark', axe: true },
    { width: 1_280, colorScheme: 'light', axe: true },
    { width: 1_280, colorScheme: 'dark', axe: false },
  ] as const;

  test.each(VIEWS)(
    'are whole and without barriers in a window of $width pixels, $colorScheme',
    async ({ axe, ...view }) => {
      const [guest, author] = await Promise.all([
        person(browser, service, view),
        person(browser, service, view),
      ]);
      await author.page.goto('/login');
      await author.page.fill('input[name="email"]', AUTHOR.email);
      await author.page.fill('input[name="password"]', AUTHOR.password);
      await author.page.click('button[type="submit"]');
      const found: Record<string, unknown> = {};
      for (const { name, path, signedIn, first, expected } of PAGES) {
        const who = signedIn ? author : guest;
        await who.page.goto(path());
        await first?.(who);
        const problems = who.problems().filter((problem) => !expected?.test(problem));
        found[name] = { problems, overflow: await who.overflow(), barriers: axe ? await who.barriers() : [] };
      }
      expect(found).toEqual(
        Object.fromEntries(PAGES.map(({ name }) => [name, { problems: [], overflow: 0, barriers: [] }])),
      );
      await Promise.all([guest.leave(), author.leave()]);
    },
    120_000,
  );

  test('and so is the one that says that there are too many', async () => {
    const busy = await startTestService({
      config: { load: { maxInFlight: 0, maxQueueMilliseconds: 1_000 } },
    });
    const visitor = await person(browser, busy, { width: 375, colorScheme: 'dark' });
    // The stylesheet is turned away as well, unless the browser has it from before.
    await visitor.page.route('**/assets/conduit.css*', async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: service.url + pathname }) });
    });
    await visitor.page.goto('/');
    expect(await visitor.page.title()).toBe('One moment, please — Conduit');
    expect([await visitor.overflow(), await visitor.barriers()]).toEqual([0, []]);
    await visitor.leave();
    await busy.stop();
  });
});
