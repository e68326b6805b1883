/** Who wrote an article and when, and the buttons that go with it. */
import { html } from 'ghtml';
import type { ArticleSummary } from '../contract/articles.ts';
import type { Profile } from '../contract/fields.ts';
import { avatarOf } from './avatar.ts';
import { day } from './day.ts';
import { icon } from './icons.ts';
import { ACT } from './layout.ts';
import { articlePath, editorPath, profilePath } from './paths.ts';

/**
 * Who wrote it and when.
 *
 * @param buttons HTML of what one can do with it
 */
export function articleMeta({ author, createdAt }: ArticleSummary, buttons: string): string {
  const path = profilePath(author.username);
  return html`<div class="article-meta"><a href="${path}" tabindex="-1" aria-hidden="true"><img src="${avatarOf(author)}" alt="" width="36" height="36"></a><div class="info"><a class="author" href="${path}">${author.username}</a><time class="date" datetime="${createdAt}">${day(createdAt)}</time></div>!${buttons}</div>`;
}

/** Favourites an article, or takes that back: in a list, with nothing but the number on it. */
export function favoriteCounter(article: ArticleSummary): string {
  const { slug, favorited, favoritesCount, title } = article;
  const label = `${favoritesCount}, ${favorited ? 'Unfavorite' : 'Favorite'} ${title}`;
  return html`<button class="btn btn-sm ${favorited ? 'btn-primary' : 'btn-outline-primary'}" form="${ACT}" formaction="${favoritePath(article)}" name="at" value="${previewId(slug)}" aria-label="${label}">!${icon('heart')} <span class="counter">${favoritesCount}</span></button>`;
}

/** Favourites an article, or takes that back. */
export function favoriteButton(article: ArticleSummary, at: string): string {
  const { favorited, favoritesCount } = article;
  return html`<button class="btn btn-sm ${favorited ? 'btn-primary' : 'btn-outline-primary'}" form="${ACT}" formaction="${favoritePath(article)}" name="at" value="${at}">!${icon('heart')} ${favorited ? 'Unfavorite' : 'Favorite'} Article <span class="counter">(${favoritesCount})</span></button>`;
}

/** Follows somebody, or takes that back. */
export function followButton({ username, following }: Profile, at: string): string {
  const path = `${profilePath(username)}/${following ? 'unfollow' : 'follow'}`;
  return html`<button class="btn btn-sm ${following ? 'btn-secondary' : 'btn-outline-secondary'} action-btn" form="${ACT}" formaction="${path}" name="at" value="${at}">!${icon(following ? 'minus-round' : 'plus-round')} ${following ? 'Unfollow' : 'Follow'} ${username}</button>`;
}

/** What an author can do with an article. */
export function authorButtons({ slug }: ArticleSummary): string {
  return html`<a class="btn btn-sm btn-outline-secondary" href="${editorPath(slug)}">!${icon('edit')} Edit Article</a><button class="btn btn-sm btn-outline-danger" form="${ACT}" formaction="${articlePath(slug)}/delete">!${icon('trash-a')} Delete Article</button>`;
}

/** The name of an article's place in a list, to come back to. */
export function previewId(slug: string): string {
  return `article-${slug}`;
}

function favoritePath({ slug, favorited }: ArticleSummary): string {
  return `${articlePath(slug)}/${favorited ? 'unfavorite' : 'favorite'}`;
}
