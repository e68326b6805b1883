/** Lists of articles: the home page, a tag's page, a profile's page. */
import { html } from 'ghtml';
import type { ArticlePage, ArticleSummary } from '../contract/articles.ts';
import { avatarOf } from './avatar.ts';
import { day, profilePath } from './layout.ts';

/** Articles on one page of a list. */
export const PAGE_SIZE = 10;

/** A list of articles with the links to its other pages. */
export function feed(page: ArticlePage, current: number, path: string): string {
  if (page.articles.length === 0)
    return html`<p class="empty article-preview-empty">No articles are here... yet.</p>`;
  return page.articles.map(preview).join('') + pagination(page.articlesCount, current, path);
}

/** The tabs above a list; the last one is where the reader is. */
export function tabs(entries: readonly { text: string; path: string; active: boolean }[]): string {
  const tab = ({ text, path, active }: { text: string; path: string; active: boolean }) =>
    html`<li class="nav-item"><a class="nav-link${active ? ' active' : ''}" href="${path}"!${active ? ' aria-current="page"' : ''}>${text}</a></li>`;
  return html`<div class="feed-toggle"><ul class="nav nav-pills">!${entries.map(tab)}</ul></div>`;
}

/** The number of a page in `?page=N`; the first one when it is no such number. */
export function pageNumber(given: unknown): number {
  return typeof given === 'string' && /^[1-9]\d{0,5}$/.test(given) ? Number(given) : 1;
}

/** Who wrote an article and when. */
export function articleMeta(article: ArticleSummary): string {
  const { author } = article;
  return html`<div class="article-meta"><a href="${profilePath(author.username)}" tabindex="-1" aria-hidden="true"><img src="${avatarOf(author)}" alt="" width="36" height="36"></a><div class="info"><a class="author" href="${profilePath(author.username)}">${author.username}</a><time class="date" datetime="${article.createdAt}">${day(article.createdAt)}</time></div><span class="favorites" title="Favourites">!${HEART}<span class="counter">${article.favoritesCount}</span></span></div>`;
}

/** The tags of an article. */
export function tagList(tags: readonly string[]): string {
  if (tags.length === 0) return '';
  return html`<ul class="tag-list">!${tags.map((tag) => html`<li class="tag-default tag-pill tag-outline">${tag}</li>`)}</ul>`;
}

/** The path of a tag's page. */
export function tagPath(tag: string): string {
  return `/tag/${encodeURIComponent(tag)}`;
}

/** The path of an article. */
export function articlePath(slug: string): string {
  return `/article/${encodeURIComponent(slug)}`;
}

const HEART = `<svg viewBox="0 0 24 24" width="15" height="15" aria-hidden="true"><path d="M12 20.5 4.2 12.9a5 5 0 1 1 7.1-7.1l.7.7.7-.7a5 5 0 1 1 7.1 7.1z" fill="currentColor"/></svg>`;

function preview(article: ArticleSummary): string {
  return html`<article class="article-preview">!${articleMeta(article)}<a class="preview-link" href="${articlePath(article.slug)}"><h1 class="preview-title">${article.title}</h1><p class="preview-text">${article.description}</p><span class="more">Read more...</span></a>!${tagList(article.tagList)}</article>`;
}

function pagination(total: number, current: number, path: string): string {
  const last = Math.ceil(total / PAGE_SIZE);
  if (last < 2) return '';
  const item = (page: number | null) => {
    if (page === null) return html`<li class="page-item gap" aria-hidden="true">…</li>`;
    const active = page === current;
    return html`<li class="page-item${active ? ' active' : ''}"><a class="page-link" href="${path}?page=${page}" aria-label="Page ${page}"!${active ? ' aria-current="page"' : ''}>${page}</a></li>`;
  };
  return html`<nav aria-label="Pages"><ul class="pagination">!${window(current, last).map(item)}</ul></nav>`;
}

/** The first, the last and those around the current page; null where some are left out. */
function window(current: number, last: number): (number | null)[] {
  const near = Array.from({ length: last }, (_, index) => index + 1).filter(
    (page) => page === 1 || page === last || Math.abs(page - current) <= 2,
  );
  return near.flatMap((page, index) =>
    index > 0 && page - (near[index - 1] as number) > 1 ? [null, page] : [page],
  );
}
