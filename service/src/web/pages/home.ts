/** The home page with its feeds, and the page of a tag. */
import { type Response, Router } from 'express';
import { html } from 'ghtml';
import type { ArticlePage } from '../../contract/articles.ts';
import * as articles from '../../contract/articles.ts';
import { asRequestError, notFound } from '../../errors.ts';
import { feed, pageNumber, pageOf, type Tab, tabs } from '../feed.ts';
import type { Page } from '../layout.ts';
import { tagPath } from '../paths.ts';
import { orNothing } from '../patience.ts';
import { viewerOf, visitorOf } from '../session.ts';
import type { Document, Show } from '../show.ts';
import type { Web } from '../web.ts';

const FOLLOWING = '/?feed=following';

/** How many tags the page offers: new ones are to be found too, as long as there are few. */
const POPULAR_TAGS = 50;

/** How long the page waits for the tags, which it can do without. */
const TAGS_MILLISECONDS = 500;

/** Which list is shown. */
type List = { readonly kind: 'global' | 'following' } | { readonly kind: 'tag'; readonly tag: string };

/** What the page shows. */
interface Content {
  readonly list: List;
  readonly page: number;
  /** Undefined when they can't be had. */
  readonly articles: ArticlePage | undefined;
  /** Undefined when they can't be had. */
  readonly tags: { readonly tags: readonly string[] } | undefined;
}

/** The routes of the home page and of tags' pages. */
export function home({ api, show, log }: Web): Router {
  const documentOf = rememberDocuments(show);

  async function showList(response: Response, list: List, page: number): Promise<void> {
    const [found, tags] = await Promise.all([
      articlesOf(list, viewerOf(response), page).catch((error: unknown) => {
        if (asRequestError(error)?.status !== 503) throw error;
        return undefined;
      }),
      orNothing(api.call(articles.listTags), {
        milliseconds: TAGS_MILLISECONDS,
        log,
        message: 'a page is shown without the popular tags',
      }),
    ]);
    const guest = visitorOf(response) === undefined;
    if (found === undefined) {
      response.set('Retry-After', '1');
      return show(response, pageOfList({ list, page, articles: found, tags }, guest), 503);
    }
    if (guest && tags) return show.document(response, documentOf({ list, page, articles: found, tags }));
    show(response, pageOfList({ list, page, articles: found, tags }, guest));
  }

  function articlesOf(list: List, viewer: number | null, page: number): Promise<ArticlePage> {
    if (list.kind === 'following') return api.call(articles.getFeed, { viewer, query: pageOf(page) });
    const tag = list.kind === 'tag' ? list.tag : undefined;
    return api.call(articles.listArticles, { viewer, query: { tag, ...pageOf(page) } });
  }

  return Router()
    .get('/', (request, response) => {
      const following = request.query.feed === 'following';
      if (following && visitorOf(response) === undefined) return response.redirect(303, '/login');
      return showList(response, { kind: following ? 'following' : 'global' }, pageNumber(request.query.page));
    })
    .get('/tag/:tag', (request, response) => {
      const { tag } = request.params;
      // PostgreSQL can't hold this character, so no article bears such a tag.
      if (tag.includes('\0')) throw notFound('page');
      return showList(response, { kind: 'tag', tag }, pageNumber(request.query.page));
    });
}

/**
 * Guests who ask at the same time are given the same result by the API: what was made of it for one is sent to all.
 *
 * @returns gives the document for a result, made at most once as long as the result itself lives
 */
function rememberDocuments(show: Show) {
  type Shown = Content & { readonly articles: ArticlePage };
  const remembered = new WeakMap<ArticlePage, { of: Shown; document: Document }>();
  return (content: Shown): Document => {
    const before = remembered.get(content.articles);
    if (before && before.of.tags === content.tags && isSame(before.of, content)) return before.document;
    const document = show.forGuests(pageOfList(content, true));
    remembered.set(content.articles, { of: content, document });
    return document;
  };
}

/** Whether two contents show the same part of the same list. */
function isSame(one: Content, other: Content): boolean {
  return one.page === other.page && pathOf(one.list) === pathOf(other.list);
}

function pageOfList(content: Content, guest: boolean): Omit<Page, 'visitor'> {
  const { list } = content;
  return {
    ...(list.kind === 'tag' ? { title: `#${list.tag}` } : { here: '/' }),
    main: homePage(content, guest),
  };
}

function homePage({ list, page, articles, tags }: Content, guest: boolean): string {
  const path = pathOf(list);
  const entries: Tab[] = [
    ...(guest ? [] : [{ text: 'Your Feed', path: FOLLOWING, active: list.kind === 'following' }]),
    { text: 'Global Feed', path: '/', active: list.kind === 'global' },
    ...(list.kind === 'tag' ? [{ text: `# ${list.tag}`, path, active: true }] : []),
  ];
  const empty = list.kind === 'following' ? NOBODY_FOLLOWED : undefined;
  return html`<div class="home-page">!${guest ? BANNER : '<h1 class="visually-hidden">Articles</h1>'}<div class="container page"><div class="columns"><div class="feed">!${tabs(entries, 'feed-toggle')}!${feed(articles, page, path, empty)}</div>!${tags === undefined ? '' : sidebar(tags.tags)}</div></div></div>`;
}

function pathOf(list: List): string {
  switch (list.kind) {
    case 'global':
      return '/';
    case 'following':
      return FOLLOWING;
    case 'tag':
      return tagPath(list.tag);
  }
}

const BANNER = `<div class="banner"><div class="container"><h1 class="logo-font">conduit</h1><p class="tagline">A place to share your knowledge.</p></div></div>`;

const NOBODY_FOLLOWED =
  'Your feed is empty. Follow some people and their articles will be here; you find them in the <a href="/">Global Feed</a>.';

function sidebar(tags: readonly string[]): string {
  const link = (tag: string) => html`<a class="tag-pill tag-default" href="${tagPath(tag)}">${tag}</a>`;
  return html`<aside class="sidebar" aria-label="Popular Tags"><p class="sidebar-title">Popular Tags</p><div class="tag-list">!${tags.length === 0 ? 'No tags are here... yet.' : tags.slice(0, POPULAR_TAGS).map(link)}</div></aside>`;
}
