/** Bodies of articles, rendered and remembered. */
import type { Article } from '../contract/articles.ts';
import { renderMarkdown } from './markdown.ts';

/** How many characters of HTML are remembered in all: some thousand articles of a usual length. */
const ROOM = 16_000_000;

/** Gives the body of an article as HTML. */
export type ArticleBody = (article: Pick<Article, 'body' | 'slug' | 'updatedAt'>) => string;

/**
 * Makes what renders bodies. The same article is rendered once as long as there is room: a short one takes a tenth of a
 * millisecond, one that is 200,000 characters of nothing but syntax half a second.
 *
 * @param room how many characters of HTML are remembered; what was shown longest ago goes first
 */
export function createArticleBody({ room = ROOM, render = renderMarkdown } = {}): ArticleBody {
  const remembered = new Map<string, string>();
  let used = 0;

  function forget(key: string): void {
    used -= remembered.get(key)?.length ?? 0;
    remembered.delete(key);
  }

  return ({ body, slug, updatedAt }) => {
    // A slug has no line end. When an article changes, so does its moment.
    const key = `${updatedAt}\n${slug}`;
    const html = remembered.get(key) ?? render(body);
    forget(key);
    remembered.set(key, html);
    used += html.length;
    for (const [oldest] of remembered) {
      if (used <= room) break;
      forget(oldest);
    }
    return html;
  };
}
