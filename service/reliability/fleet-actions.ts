/** What people do at four targets, and how it must be answered while one of them is away. */
import type { FleetTarget } from './fleet.ts';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
  readonly cookie: string;
}

/** Something that somebody does. */
export interface Action {
  readonly name: string;
  /** What it can't be done without. */
  readonly needs: readonly FleetTarget[];
  send(): Promise<Answer>;
  /** When it was done. */
  readonly status: number;
  /** Whether what came is right while this target is away. */
  readonly holds: (text: string, away: FleetTarget | undefined) => boolean;
}

/** Everything that is done, and what came of it that has to last. */
export interface Actions {
  readonly all: readonly Action[];
  /** The slugs of the articles that were acknowledged. */
  readonly published: readonly string[];
}

/** Longer than anything may take. */
const TIMEOUT_MILLISECONDS = 10_000;

/** Somebody of the demonstration data: they follow others and favourite articles. */
const DEMO = { email: 'demo@conduit.example', password: 'conduit-demo' };
const ARTICLE = { slug: 'leave-the-leaves', title: 'Leave the leaves' };
const AUTHOR = 'Edith Brandt';

/** Whether an answer is as it must be while a target is away, or, with undefined, none. */
export function isRight(action: Action, answer: Answer, away: FleetTarget | undefined): boolean {
  const { needs, status, holds } = action;
  if (away === undefined || !needs.includes(away))
    return answer.status === status && holds(answer.text, away);
  // Without the pages there is only the entry to say so.
  const isPage = needs.includes('web') && away !== 'web';
  return isRefusal(answer, away) && isFrame(answer.text) === isPage;
}

/** Whether an answer says that a target is away: in the frame of all pages, or in the words of the API. */
export function isRefusal({ status, text, retryAfter }: Answer, away: FleetTarget): boolean {
  return status === 503 && retryAfter !== null && (isFrame(text) || namesAsAway(text, away));
}

function isFrame(text: string): boolean {
  return text.includes('<a class="navbar-brand" href="/">');
}

function namesAsAway(text: string, away: FleetTarget): boolean {
  try {
    return Array.isArray(JSON.parse(text).errors[away]);
  } catch {
    return false;
  }
}

/** Signs somebody in at a service with demonstration data. */
export async function actionsOf(url: string): Promise<Actions> {
  async function send(path: string, init: RequestInit = {}): Promise<Answer> {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const response = await fetch(url + path, { ...init, redirect: 'manual', signal });
    return {
      status: response.status,
      text: await response.text(),
      retryAfter: response.headers.get('retry-after'),
      cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    };
  }

  const json = (path: string, body: object, headers: Record<string, string> = {}) =>
    send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    send(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'sec-fetch-site': 'same-origin', ...headers },
    });

  const signInByForm = () => form('/login', DEMO);
  const signInByApi = () => json('/api/users/login', { user: DEMO });
  const guest = {};
  const member = { cookie: (await signInByForm()).cookie };
  const caller = { authorization: `Token ${JSON.parse((await signInByApi()).text).user.token}` };

  const published: string[] = [];
  async function publish(): Promise<Answer> {
    const article = { title: 'Written meanwhile', description: 'd', body: 'b', tagList: ['meanwhile'] };
    const answer = await json('/api/articles', { article }, caller);
    if (answer.status === 201) published.push(JSON.parse(answer.text).article.slug);
    return answer;
  }

  const read =
    (path: string, headers: Record<string, string>) =>
    (name: string, needs: readonly FleetTarget[], holds: Action['holds']): Action => ({
      name,
      needs,
      status: 200,
      holds,
      send: () => send(path, { headers }),
    });
  const shows = (text: string) => (found: string) => found.includes(text);
  const lists = shows('href="/article/');
  const greets = (text: string, away: FleetTarget | undefined) =>
    away === 'auth' ? text.includes('role="status"') : text.includes('class="user-name"');
  const title = shows(`<h1>${ARTICLE.title}</h1>`);
  const recommends = shows('class="recommendations"');
  const any = () => true;

  const all: Action[] = [
    read('/', guest)('a guest opens the home page', ['web', 'content'], lists),
    read('/', member)(
      'somebody opens the home page',
      ['web', 'content'],
      (text, away) => lists(text) && greets(text, away),
    ),
    read(`/article/${ARTICLE.slug}`, guest)(
      'a guest reads an article',
      ['web', 'content'],
      // That they are there is seen elsewhere: a page waits for them for a third of a second only.
      (text, away) => title(text) && (away !== 'recommendations' || !recommends(text)),
    ),
    read(`/article/${ARTICLE.slug}`, member)(
      'somebody reads an article',
      ['web', 'content'],
      (text, away) => title(text) && greets(text, away),
    ),
    read(`/profile/${encodeURIComponent(AUTHOR)}`, guest)(
      'a guest looks at a profile',
      ['web', 'auth'],
      (text, away) => text.includes(`>${AUTHOR}</h4>`) && lists(text) === (away !== 'content'),
    ),
    read('/login', guest)('a guest opens the form to sign in', ['web'], shows('name="password"')),
    read('/settings', member)('somebody opens their settings', ['web', 'auth'], shows(DEMO.email)),
    { name: 'a guest signs in', needs: ['web', 'auth'], status: 303, holds: any, send: signInByForm },
    {
      name: 'somebody favourites an article',
      needs: ['web', 'content'],
      status: 303,
      holds: any,
      send: () => form(`/article/${ARTICLE.slug}/favorite`, {}, member),
    },
    read('/api/articles?limit=5', guest)('GET articles', ['content'], shows('"articlesCount":')),
    read(`/api/articles/${ARTICLE.slug}`, caller)('GET an article', ['content'], shows(`"${ARTICLE.title}"`)),
    read('/api/tags', guest)('GET tags', ['content'], shows('"gardening"')),
    read('/api/user', caller)('GET the user', ['auth'], shows(DEMO.email)),
    read(`/api/profiles/${encodeURIComponent(AUTHOR)}`, caller)('GET a profile', ['auth'], shows(AUTHOR)),
    read(`/api/recommendations?article=${ARTICLE.slug}`, caller)(
      'GET recommendations',
      ['recommendations'],
      shows('"slug":'),
    ),
    { name: 'POST a sign-in', needs: ['auth'], status: 200, holds: shows('"token":'), send: signInByApi },
    { name: 'POST an article', needs: ['content'], status: 201, holds: shows('"slug":'), send: publish },
  ];
  return { all, published };
}
