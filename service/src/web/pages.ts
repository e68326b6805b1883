/** What stands on the pages for reading. */
import { html } from 'ghtml';
import type { Article, ArticlePage } from '../contract/articles.ts';
import type { Profile } from '../contract/fields.ts';
import { avatarOf } from './avatar.ts';
import { articleMeta, feed, tabs, tagList, tagPath } from './feed.ts';
import { profilePath } from './layout.ts';

/** The home page, or the page of one tag. */
export function homePage(options: {
  articles: ArticlePage;
  page: number;
  tags: readonly string[];
  tag?: string;
  guest: boolean;
}): string {
  const { articles, page, tags, tag, guest } = options;
  const here = tag === undefined ? '/' : tagPath(tag);
  const entries = [{ text: 'Global Feed', path: '/', active: tag === undefined }];
  if (tag !== undefined) entries.push({ text: `# ${tag}`, path: here, active: true });
  return html`<div class="home-page">!${guest ? BANNER : ''}<div class="container page"><div class="columns"><div class="feed">!${tabs(entries)}!${feed(articles, page, here)}</div>!${sidebar(tags)}</div></div></div>`;
}

const BANNER = `<div class="banner"><div class="container"><h1 class="logo-font">conduit</h1><p class="tagline">A place to share your knowledge.</p></div></div>`;

function sidebar(tags: readonly string[]): string {
  const link = (tag: string) => html`<a class="tag-pill tag-default" href="${tagPath(tag)}">${tag}</a>`;
  return html`<aside class="sidebar"><p class="sidebar-title">Popular Tags</p><div class="tag-list">!${tags.length === 0 ? 'No tags are here... yet.' : tags.map(link)}</div></aside>`;
}

/** One article. */
export function articlePage(article: Article): string {
  return html`<article class="article-page"><header class="banner"><div class="container narrow"><h1>${article.title}</h1><p class="lead">${article.description}</p>!${articleMeta(article)}</div></header><div class="container narrow"><div class="article-content">!${paragraphs(article.body)}</div>!${tagList(article.tagList)}</div></article>`;
}

/** Somebody and their articles. */
export function profilePage(options: { profile: Profile; articles: ArticlePage; page: number }): string {
  const { profile, articles, page } = options;
  const path = profilePath(profile.username);
  const mine = tabs([{ text: 'My Articles', path, active: true }]);
  const bio = profile.bio === null ? '' : html`<p>${profile.bio}</p>`;
  return html`<div class="profile-page"><header class="user-info"><div class="container narrow"><img class="user-img" src="${avatarOf(profile)}" alt="" width="96" height="96"><h4>${profile.username}</h4>!${bio}</div></header><div class="container narrow page">!${mine}!${feed(articles, page, path)}</div></div>`;
}

/** Why there is nothing to see. */
export function errorPage(status: number, messages: readonly string[]): string {
  const heading =
    status === 404 ? 'There is nothing here' : status >= 500 ? 'Something went wrong' : 'That did not work';
  return html`<div class="error-page"><div class="container narrow"><p class="status">${status}</p><h1 class="heading">${heading}</h1>!${messages.map((message) => html`<p>${message}</p>`)}<p><a class="btn btn-primary" href="/">To the articles</a></p></div></div>`;
}

/** Plain text: an empty line parts paragraphs, other line ends stay. */
function paragraphs(body: string): string {
  return body
    .trim()
    .split(/(?:\r?\n[ \t]*){2,}/)
    .map(
      (paragraph) =>
        `<p>${paragraph
          .split(/\r?\n/)
          .map((line) => html`${line}`)
          .join('<br>')}</p>`,
    )
    .join('');
}
