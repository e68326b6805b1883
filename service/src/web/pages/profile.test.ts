import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seed } from '../../seed/seed.ts';
import { startTestService, type TestService, Visitor } from '../../testing.ts';

let service: TestService;
let guest: Visitor;
let reader: Visitor;

const EDITH = '/profile/Edith%20Brandt';

beforeAll(async () => {
  service = await startTestService();
  await seed(service.database.pool);
  guest = new Visitor(service);
  reader = await Visitor.signedUp(service, 'Reader');
});

afterAll(() => service.stop());

async function textOf(path: string, visitor = guest): Promise<string> {
  return (await visitor.get(path)).text();
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe('a profile', () => {
  test('shows somebody and their articles', async () => {
    const text = await textOf(EDITH);
    expect(text).toContain('>Edith Brandt</h4>');
    expect(text).toContain('Forty years of vegetables');
    expect(count(text, '<article class="article-preview"')).toBe(5);
    expect(text).toContain(`<a class="nav-link active" href="${EDITH}" aria-current="page">My Articles</a>`);
  });

  test('shows what they favourite', async () => {
    await reader.submit('/article/leave-the-leaves/favorite', {});
    const text = await textOf('/profile/Reader/favorites');
    expect(count(text, '<article class="article-preview"')).toBe(1);
    expect(text).toContain('Leave the leaves');
    expect(text).toContain('href="/profile/Reader/favorites" aria-current="page">Favorited Articles</a>');
  });

  test('of somebody new has no articles, no words and a drawn picture', async () => {
    const text = await textOf('/profile/Reader');
    expect(text).toContain('No articles are here... yet.');
    expect(text).toContain('</h4><p></p>');
    expect(text).toContain('class="user-img" src="/avatars/Reader/default-avatar.svg"');
  });

  test('of one’s own leads to the settings, of another to following', async () => {
    expect(await textOf('/profile/Reader', reader)).toContain(' Edit Profile Settings</a>');
    expect(await textOf('/profile/Reader', reader)).not.toContain('Follow');
    for (const visitor of [reader, guest]) {
      const text = await textOf(EDITH, visitor);
      expect(text).toContain(' Follow Edith Brandt</button>');
      expect(text).not.toContain('Edit Profile Settings');
    }
  });

  test('following shows, can be taken back, and done twice is as good as once', async () => {
    for (let press = 1; press <= 2; press += 1) {
      const response = await reader.submit(`${EDITH}/follow`, {});
      expect([response.status, response.headers.get('location')]).toEqual([303, EDITH]);
    }
    expect(await textOf(EDITH, reader)).toContain(' Unfollow Edith Brandt</button>');
    await reader.submit(`${EDITH}/unfollow`, {}, { referer: `${service.url}/article/leave-the-leaves` });
    expect(await textOf(EDITH, reader)).toContain(' Follow Edith Brandt</button>');
  });

  test('guests who follow are led to sign in', async () => {
    const response = await guest.submit(`${EDITH}/follow`, {});
    expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
  });

  test.each([
    '/profile/nobody',
    '/profile/nobody/favorites',
    '/profile/%00',
    `/profile/${encodeURIComponent("'; DROP TABLE users; --")}`,
  ])('%s is 404', async (path) => {
    const response = await guest.get(path);
    expect([response.status, (await response.text()).includes('profile not found')]).toEqual([404, true]);
  });
});
