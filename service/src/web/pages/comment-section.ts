/** What stands below an article: what readers say of it, and the form to say something. */
import { html } from 'ghtml';
import type { Comment } from '../../contract/comments.ts';
import { avatarOf } from '../avatar.ts';
import { day } from '../day.ts';
import { errorMessages } from '../forms.ts';
import { icon } from '../icons.ts';
import { ACT } from '../layout.ts';
import { formName } from '../once.ts';
import { articlePath, profilePath } from '../paths.ts';
import type { Visitor } from '../session.ts';

/** A comment that could not be posted, shown again. */
export interface CommentForm {
  readonly body: string;
  readonly messages: readonly string[];
}

/** The comments on an article. */
export function commentSection(options: {
  slug: string;
  visitor: Visitor | undefined;
  /** Undefined when they can't be had. */
  comments: readonly Comment[] | undefined;
  form: CommentForm | undefined;
}): string {
  const { slug, visitor, comments, form } = options;
  const path = `${articlePath(slug)}/comments`;
  const list =
    comments === undefined
      ? '<p class="notice">The comments can’t be shown at the moment.</p>'
      : comments.map((comment) => card(comment, path, visitor)).join('');
  return html`<section class="comments" id="comments" aria-labelledby="comments-title"><h2 id="comments-title">Comments</h2>!${visitor === undefined ? INVITATION : commentForm(path, visitor, form)}!${list}</section>`;
}

const INVITATION = `<p class="invitation"><a href="/login">Sign in</a> or <a href="/register">sign up</a> to add comments on this article.</p>`;

// The address names the place too, so that what was refused comes back under the eyes of whoever typed it.
function commentForm(path: string, { account }: Visitor, form: CommentForm | undefined): string {
  const image = account
    ? html`<img class="comment-author-img" src="${avatarOf(account)}" alt="" width="30" height="30">`
    : '';
  return html`!${errorMessages(form?.messages ?? [])}<form class="card comment-form" method="post" action="${path}#comments"><input type="hidden" name="form" value="${formName()}"><div class="card-block"><textarea class="form-control" name="body" rows="3" maxlength="10000" placeholder="Write a comment..." aria-label="Your comment">
${form?.body}</textarea></div><div class="card-footer">!${image}<button class="btn btn-sm btn-primary" type="submit">Post Comment</button></div></form>`;
}

/** The name of a comment's place on the page. */
export function commentId({ id }: Pick<Comment, 'id'>): string {
  return `comment-${id}`;
}

function card(comment: Comment, path: string, visitor: Visitor | undefined): string {
  const { id, author, body, createdAt } = comment;
  const page = profilePath(author.username);
  const own = visitor?.account?.username === author.username;
  const remove = own
    ? html`<span class="mod-options"><button form="${ACT}" formaction="${path}/${id}/delete" aria-label="Delete this comment" title="Delete">!${icon('trash-a')}</button></span>`
    : '';
  return html`<div class="card" id="${commentId(comment)}"><div class="card-block"><p class="card-text">${body}</p></div><div class="card-footer"><a class="comment-author" href="${page}" tabindex="-1" aria-hidden="true"><img class="comment-author-img" src="${avatarOf(author)}" alt="" width="30" height="30"></a><a class="comment-author" href="${page}">${author.username}</a><time class="date-posted" datetime="${createdAt}">${day(createdAt)}</time>!${remove}</div></div>`;
}
