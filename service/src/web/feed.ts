/** Lists of articles: the home page, a tag's page, a profile's page. */
import { html } from 'ghtml';
import type { ArticlePage, ArticleSummary } from '../contract/articles.ts';
import { articleMeta, favoriteCounter, previewId } from './article-meta.ts';
import { articlePath, tagPath } from './paths.ts';

/** Articles on one page of a list. */
export const PAGE_SIZE = 10;

/** What a list without articles says. */
export const NOTHING_HERE = 'No articles are here... yet.';

/** What a list says that can't be had. */
export const NOT_AVAILABLE = 'The articles can’t be shown at the moment. Please try again soon.';

/**
 * A list of articles with the links to its other pages.
 *
 * @param page undefined when it can't be had
 * @param path of the list, with the query that is its own: `/?feed=following`
 * @param empty HTML of what stands there when there are none
 */
export function feed(
  page: ArticlePage | undefined,
  current: number,
  path: string,
  empty: string = NOTHING_HERE,
): string {
  if (page === undefined) return message(NOT_AVAILABLE);
  return (
    (page.articles.length === 0 ? message(empty) : page.articles.map(preview).join('')) +
    pagination(page.articlesCount, current, path)
  );
}

/** One tab. */
export interface Tab {
  readonly text: string;
  readonly path: string;
  /** Whether it is where the reader is. */
  readonly active: boolean;
}

/** The tabs above a list. */
export function tabs(entries: readonly Tab[], name: 'articles-toggle' | 'feed-toggle'): string {
  const tab = ({ text, path, active }: Tab) =>
    html`<li class="nav-item"><a class="nav-link${active ? ' active' : ''}" href="${path}"!${active ? ' aria-current="page"' : ''}>${text}</a></li>`;
  return html`<div class="${name}"><ul class="nav nav-pills outline-active">!${entries.map(tab)}</ul></div>`;
}

/** The number of a page in `?page=N`; the first one when it is no such number. */
export function pageNumber(given: unknown): number {
  return typeof given === 'string' && /^[1-9]\d{0,5}$/.test(given) ? Number(given) : 1;
}

/** The query for one page of a list, as the API takes it. */
export function pageOf(page: number): { limit: string; offset: string } {
  return { limit: String(PAGE_SIZE), offset: String((page - 1) * PAGE_SIZE) };
}

/** The tags of an article, each a way to others that bear it. */
export function tagList(tags: readonly string[]): string {
  if (tags.length === 0) return '';
  const item = (tag: string) =>
    html`<li class="tag-default tag-pill tag-outline"><a href="${tagPath(tag)}">${tag}</a></li>`;
  return html`<ul class="tag-list">!${tags.map(item)}</ul>`;
}

function message(text: string): string {
  return `<p class="empty-feed-message">${text}</p>`;
}

// Titles are headings of the first level by custom; for those who listen they are a step below the page's own.
function preview(article: ArticleSummary): string {
  return html`<article class="article-preview" id="${previewId(article.slug)}">!${articleMeta(article, favoriteCounter(article))}<a class="preview-link" href="${articlePath(article.slug)}"><h1 aria-level="2">${article.title}</h1><p>${article.description}</p><span>Read more...</span></a>!${tagList(article.tagList)}</article>`;
}

function pagination(total: number, current: number, path: string): string {
  const last = Math.ceil(total / PAGE_SIZE);
  if (last < 2) return '';
  const address = `${path}${path.includes('?') ? '&' : '?'}page=`;
  const item = (page: number | null) => {
    if (page === null) return `<li class="page-item gap" aria-hidden="true">…</li>`;
    const active = page === current;
    return html`<li class="page-item${active ? ' active' : ''}"><a class="page-link" href="${address}${page}" aria-label="Page ${page}"!${active ? ' aria-current="page"' : ''}>${page}</a></li>`;
  };
  return html`<nav aria-label="Pages"><ul class="pagination">!${shownPages(current, last).map(item)}</ul></nav>`;
}

/** The first, the last and those around the current page; null where some are left out. */
function shownPages(current: number, last: number): (number | null)[] {
  const around = Array.from({ length: 5 }, (_, index) => Math.min(current, last) - 2 + index);
  const pages = [...new Set([1, ...around, last])].filter((page) => page >= 1 && page <= last);
  return pages.flatMap((page, index) =>
    index > 0 && page - (pages[index - 1] as number) > 1 ? [null, page] : [page],
  );
}
