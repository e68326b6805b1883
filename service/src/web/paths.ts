/** The addresses of pages. */

/** Somebody's page. */
export function profilePath(username: string): string {
  return `/profile/${encodeURIComponent(username)}`;
}

/** An article. */
export function articlePath(slug: string): string {
  return `/article/${encodeURIComponent(slug)}`;
}

/** The articles of a tag. */
export function tagPath(tag: string): string {
  return `/tag/${encodeURIComponent(tag)}`;
}

/** Where an article of one's own is changed. */
export function editorPath(slug: string): string {
  return `/editor/${encodeURIComponent(slug)}`;
}
