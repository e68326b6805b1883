/** What people write never becomes more than text, in a browser that would run it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launchBrowser, type Person, person } from '../testing/browser.ts';
import { call, signUpByApi, startTestService, type TestService } from '../testing.ts';

/** Each shows a dialog when it runs. */
const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</textarea></title></script><img src=x onerror=alert(1)>',
  '" autofocus onfocus="alert(1)" x="',
  "' onmouseover='alert(1)",
  '<a href="javascript:alert(1)">click</a>',
  '[click](javascript:alert(1))',
  '![a](javascript:alert(1)) ![b](data:text/html,<script>alert(1)</script>)',
  '[a](<javascript:alert(1)> "t") [b](java&#10;script:alert(1)) <javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x] ![x]',
  '`<img src=x onerror=alert(1)>` \n\n    <img src=x onerror=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<form action="https://evil.example"><button>x</button></form>',
  '${alert(1)} {{alert(1)}} <%= alert(1) %>',
  '\u2028</script><script>alert(1)</script>',
] as const;

describeInBrowser('what people write', () => {
  let service: TestService;
  let browser: Browser;
  let visitor: Person;

  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestService(), launchBrowser()]);
    visitor = await person(browser, service);
  });

  afterAll(async () => {
    await visitor?.leave();
    await browser?.close();
    await service?.stop();
  });

  test.each(PAYLOADS.map((payload, index) => ({ payload, index })))(
    'runs nothing and breaks no rule wherever it is shown: $payload',
    async ({ payload, index }) => {
      const { page } = visitor;
      // Names and tags have bounds of their own.
      const name = `${payload.replaceAll(/\p{C}|\u2028/gu, ' ').slice(0, 60)} ${index}`.trim();
      const tag = payload.slice(0, 50);
      const token = await signUpByApi(service, name);
      const image = index % 2 === 0 ? `https://example.com/${payload}` : `javascript:${payload}`;
      await call(service, 'PUT', '/user', { token, body: { user: { bio: payload, image } } });
      const article = {
        title: payload,
        description: payload,
        body: `${payload}\n\nBefore ${payload} after\n\n- ${payload}\n\n> ${payload}`,
        tagList: [tag],
      };
      const { body } = await call(service, 'POST', '/articles', { token, body: { article } });
      const { slug } = body.article;
      const comment = { body: payload };
      await call(service, 'POST', `/articles/${slug}/comments`, { token, body: { comment } });

      await page.context().clearCookies();
      await page.request.post('/login', {
        form: { email: `${Buffer.from(name).toString('hex')}@example.com`, password: 'password1' },
        headers: { 'sec-fetch-site': 'same-origin' },
      });

      const profile = `/profile/${encodeURIComponent(name)}`;
      const paths = [
        '/',
        `/article/${slug}`,
        `/editor/${slug}`,
        `/tag/${encodeURIComponent(tag)}`,
        profile,
        '/settings',
      ];
      for (const path of paths) {
        await page.goto(path);
        // All that waits to be pointed at, pressed or focused.
        await page.evaluate(
          `for (const element of document.querySelectorAll('*')) {
             for (const type of ['mouseover', 'focus', 'error', 'load', 'toggle']) element.dispatchEvent(new Event(type));
           }`,
        );
        expect({ path, problems: visitor.problems() }).toEqual({ path, problems: [] });
        const harmful = await page.evaluate<string[]>(
          `[...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]
             .filter(({ name, value }) => name.startsWith('on') || name === 'style' || name === 'srcdoc'
               || (['href', 'src', 'action', 'formaction'].includes(name) && !/^(https?|mailto):$/.test(new URL(value, location).protocol)))
             .map(({ name, value }) => element.outerHTML))
           .concat([...document.forms].filter(({ action }) => new URL(action).origin !== location.origin).map(({ outerHTML }) => outerHTML))
           .concat([...document.querySelectorAll('iframe, base, object, embed, math, main script, meta[http-equiv]')].map(({ outerHTML }) => outerHTML))`,
        );
        expect({ path, harmful }).toEqual({ path, harmful: [] });
      }
      // And it is shown, not swallowed.
      await page.goto(`/article/${slug}`);
      const said = payload.replaceAll(/\s+/g, ' ').trim();
      const text = (of: string | null) => of?.replaceAll(/\s+/g, ' ').trim();
      expect(text(await page.textContent('.banner h1'))).toBe(said);
      expect(text(await page.textContent('.card-text'))).toBe(said);
    },
    60_000,
  );
});
