import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestService, type TestService, Visitor } from '../../testing.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

const SETTINGS = { username: 'Ada', email: 'ada@example.com', bio: '', image: '', password: '' };

describe('the settings', () => {
  test('are for those who are signed in', async () => {
    const guest = new Visitor(service);
    for (const response of [await guest.get('/settings'), await guest.submit('/settings', SETTINGS)]) {
      expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    }
  });

  test('are in the form as they are, with nothing where there is nothing', async () => {
    const visitor = await Visitor.signedUp(service, 'Fresh');
    const text = await (await visitor.get('/settings')).text();
    expect(text).toMatch(/name="image"[^>]* value=""/);
    expect(text).toMatch(/name="username"[^>]* value="Fresh"/);
    expect(text).toMatch(/name="bio"[^>]*>\n<\/textarea>/);
    expect(text).toMatch(/name="email"[^>]* value="fresh@example.com"/);
    expect(text).not.toMatch(/name="password"[^>]* value=/);
  });

  test('that are changed show on one’s own page, under the new name; nobody is signed out by it', async () => {
    const visitor = await Visitor.signedUp(service, 'Ada');
    const image = 'https://example.com/ada.png';
    const response = await visitor.submit('/settings', {
      ...SETTINGS,
      username: 'Countess Ada',
      bio: 'Numbers.\nAnd "looms".',
      image,
    });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/profile/Countess%20Ada']);
    const text = await (await visitor.get('/profile/Countess%20Ada')).text();
    expect(text).toMatch(/<p>Numbers\.\r?\nAnd &#34;looms&#34;\.<\/p>/);
    expect(text).toContain(`<img class="user-img" src="${image}"`);
    expect(text).toContain('<span class="user-name">Countess Ada</span>');
  });

  test('of picture and words can be taken back', async () => {
    const visitor = await Visitor.signedUp(service, 'Brief');
    const own = { ...SETTINGS, username: 'Brief', email: 'brief@example.com' };
    await visitor.submit('/settings', { ...own, bio: 'Words', image: 'https://example.com/x.png' });
    await visitor.submit('/settings', own);
    const text = await (await visitor.get('/profile/Brief')).text();
    expect(text).toContain('</h4><p></p>');
    expect(text).toContain('class="user-img" src="/avatars/Brief/default-avatar.svg"');
  });

  test('keep the password unless one is given', async () => {
    const visitor = await Visitor.signedUp(service, 'Careful');
    const own = { ...SETTINGS, username: 'Careful', email: 'careful@example.com' };
    const signIn = async (password: string) =>
      (await new Visitor(service).submit('/login', { email: own.email, password })).status;
    await visitor.submit('/settings', own);
    expect(await signIn('password1')).toBe(303);
    await visitor.submit('/settings', { ...own, password: 'another one' });
    expect([await signIn('password1'), await signIn('another one')]).toEqual([401, 303]);
  });

  test('that are refused come back as they were typed, but for the password', async () => {
    const visitor = await Visitor.signedUp(service, 'Refused');
    const typed = { ...SETTINGS, username: '', email: 'no address', bio: '<b>', password: 'short' };
    const response = await visitor.submit('/settings', typed);
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toContain('<li>username can&#39;t be blank</li><li>email is invalid</li>');
    expect(text).toContain('value="no address"');
    expect(text).toMatch(/name="bio"[^>]*>\n&#60;b&#62;<\/textarea>/);
    expect(text).not.toContain('"short"');
    // The frame still shows who is signed in.
    expect(text).toContain('<span class="user-name">Refused</span>');
  });

  test('with the name of another are refused', async () => {
    await Visitor.signedUp(service, 'Taken');
    const visitor = await Visitor.signedUp(service, 'Taker');
    const response = await visitor.submit('/settings', {
      ...SETTINGS,
      username: 'taken',
      email: 't@example.com',
    });
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('<li>username has already been taken</li>');
  });
});
