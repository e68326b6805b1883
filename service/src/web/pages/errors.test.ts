import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestService, type TestService, Visitor } from '../../testing.ts';

let service: TestService;
let guest: Visitor;

beforeAll(async () => {
  service = await startTestService();
  guest = new Visitor(service);
});

afterAll(() => service.stop());

describe('what is not there', () => {
  test.each([
    ['/nothing', 'page not found'],
    ['/article/nothing', 'article not found'],
    ['/profile/nobody', 'profile not found'],
    ['/tag/%00', 'page not found'],
    ['/editor/nothing/more', 'page not found'],
  ])('%s is 404, in the frame of all pages, and kept by nobody', async (path, message) => {
    const visitor = path.startsWith('/editor') ? await Visitor.signedUp(service, 'Lost') : guest;
    const response = await visitor.get(path);
    const text = await response.text();
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
    expect(text).toContain(`<p>${message}</p>`);
    expect(text).toContain('<a class="navbar-brand" href="/">');
    expect(text).toContain('<h1 class="heading">There is nothing here</h1>');
  });
});

describe('a failure of ours', () => {
  test('tells nothing of what went wrong inside', async () => {
    await service.database.pool.query('ALTER TABLE article_tags RENAME TO hidden_tags');
    const response = await guest.get('/tag/x');
    const text = await response.text();
    await service.database.pool.query('ALTER TABLE hidden_tags RENAME TO article_tags');
    // The pages alone know only that a part of the API does not answer as it should.
    expect(response.status).toBe(process.env.CONDUIT_TEST_TOPOLOGY === 'split' ? 503 : 500);
    expect(text).not.toMatch(/article_tags|relation|at .*\.ts/);
    expect(text).toContain('<a class="navbar-brand" href="/">');
  });

  test('loses nothing of what was typed', async () => {
    const visitor = await Visitor.signedUp(service, 'Unlucky');
    await service.database.pool.query('ALTER TABLE article_tags RENAME TO hidden_tags');
    const form = { title: 'A title', description: 'd', body: 'Many words', tags: 'a, b' };
    const response = await visitor.submit('/editor', form);
    const text = await response.text();
    await service.database.pool.query('ALTER TABLE hidden_tags RENAME TO article_tags');
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(text).toContain('class="error-messages"');
    expect(text).toContain('Many words</textarea>');
    expect((await visitor.submit('/editor', form)).status).toBe(303);
  });
});
