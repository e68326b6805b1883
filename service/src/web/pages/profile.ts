/** Somebody's page: who they are, their articles, those they favourite; following them. */
import { type Request, type Response, Router } from 'express';
import { html } from 'ghtml';
import { type ArticlePage, listArticles } from '../../contract/articles.ts';
import type { Profile } from '../../contract/fields.ts';
import { follow, getProfile, unfollow } from '../../contract/profiles.ts';
import { followButton } from '../article-meta.ts';
import { avatarOf } from '../avatar.ts';
import { backTo } from '../back.ts';
import { feed, pageNumber, pageOf, tabs } from '../feed.ts';
import { signedInOnly } from '../forms.ts';
import { icon } from '../icons.ts';
import { profilePath } from '../paths.ts';
import { orNothing } from '../patience.ts';
import { viewerOf, visitorOf } from '../session.ts';
import type { Web } from '../web.ts';

/** How long the page waits for the list; without it the person is shown all the same. */
const ARTICLES_MILLISECONDS = 3_000;

/** Which of somebody's lists is shown. */
type Shelf = 'author' | 'favorited';

/** The routes of profiles. */
export function profile({ api, show, log }: Web): Router {
  const showProfile =
    (shelf: Shelf) => async (request: Request<{ username: string }>, response: Response) => {
      const viewer = viewerOf(response);
      const { username } = request.params;
      const page = pageNumber(request.query.page);
      const query = { [shelf]: username, ...pageOf(page) };
      const [{ profile }, articles] = await Promise.all([
        api.call(getProfile, { viewer, params: { username } }),
        orNothing(api.call(listArticles, { viewer, query }), {
          milliseconds: ARTICLES_MILLISECONDS,
          log,
          message: 'a profile is shown without its articles',
        }),
      ]);
      const own = visitorOf(response)?.account?.username === profile.username;
      show(response, {
        title: profile.username,
        here: profilePath(profile.username),
        main: profilePage({ profile, articles, page, shelf, own }),
      });
    };

  const change = (operation: typeof follow | typeof unfollow) => {
    return async ({ params }: Request<{ username: string }>, response: Response) => {
      await api.call(operation, { viewer: viewerOf(response), params: { username: params.username } });
      return profilePath(params.username);
    };
  };

  return Router()
    .get('/profile/:username', showProfile('author'))
    .get('/profile/:username/favorites', showProfile('favorited'))
    .post('/profile/:username/follow', signedInOnly, backTo(change(follow)))
    .post('/profile/:username/unfollow', signedInOnly, backTo(change(unfollow)));
}

function profilePage(options: {
  profile: Profile;
  articles: ArticlePage | undefined;
  page: number;
  shelf: Shelf;
  own: boolean;
}): string {
  const { profile, articles, page, shelf, own } = options;
  const path = profilePath(profile.username);
  const favorites = `${path}/favorites`;
  const shelves = tabs(
    [
      { text: 'My Articles', path, active: shelf === 'author' },
      { text: 'Favorited Articles', path: favorites, active: shelf === 'favorited' },
    ],
    'articles-toggle',
  );
  const action = own
    ? html`<a class="btn btn-sm btn-outline-secondary action-btn" href="/settings">!${icon('gear-a')} Edit Profile Settings</a>`
    : followButton(profile, '');
  return html`<div class="profile-page"><div class="user-info"><div class="container narrow"><img class="user-img" src="${avatarOf(profile)}" alt="" width="96" height="96"><h4 role="heading" aria-level="1">${profile.username}</h4><p>${profile.bio}</p>!${action}</div></div><div class="container narrow page">!${shelves}!${feed(articles, page, shelf === 'author' ? path : favorites)}</div></div>`;
}
