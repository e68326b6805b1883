/** Writing an article, and changing one. */
import express, { type Response, Router } from 'express';
import { html } from 'ghtml';
import { createArticle, getArticle, updateArticle } from '../../contract/articles.ts';
import { forbidden } from '../../errors.ts';
import { TAG_EDITOR } from '../assets.ts';
import { errorMessages, signedInOnly, submit, type Typed, typed } from '../forms.ts';
import type { Page } from '../layout.ts';
import { createOnce, formName } from '../once.ts';
import { articlePath, editorPath } from '../paths.ts';
import { viewerOf, visitorOf } from '../session.ts';
import { sentTags } from '../tags.ts';
import type { Web } from '../web.ts';

/** 200,000 characters, each of up to three bytes, each of which may be written as `%C3` on the way. */
const LONGEST = '2mb';

/** What the form holds. */
interface Draft {
  readonly title: string;
  readonly description: string;
  readonly body: string;
  readonly tagList: readonly string[];
}

const EMPTY: Draft = { title: '', description: '', body: '', tagList: [] };

/** The routes of the editor. */
export function editor(web: Web): Router {
  const { api, show } = web;
  const once = createOnce();
  const formBody = express.urlencoded({ limit: LONGEST, extended: false });

  return Router()
    .use('/editor', signedInOnly)
    .get('/editor', (_request, response) => show(response, editorPage({ draft: EMPTY })))
    .post('/editor', formBody, async (request, response) => {
      const draft = draftOf(request.body);
      const viewer = viewerOf(response);
      const { form = '' } = typed(request.body);
      await submit(web, request, response, {
        work: async () => {
          const { article } = await once(JSON.stringify([viewer, form, draft]), () =>
            api.call(createArticle, { viewer, body: { article: draft } }),
          );
          return articlePath(article.slug);
        },
        again: (messages) => editorPage({ draft, messages }),
      });
    })
    .get('/editor/:slug', async (request, response) => {
      const { slug } = request.params;
      const { article } = await api.call(getArticle, { viewer: viewerOf(response), params: { slug } });
      if (isOthers(response, article.author.username)) throw forbidden('article');
      show(response, editorPage({ draft: article, slug }));
    })
    .post('/editor/:slug', formBody, async (request, response) => {
      const { slug } = request.params;
      const draft = draftOf(request.body);
      await submit(web, request, response, {
        work: async () => {
          const call = { viewer: viewerOf(response), params: { slug }, body: { article: draft } };
          return articlePath((await api.call(updateArticle, call)).article.slug);
        },
        again: (messages) => editorPage({ draft, slug, messages }),
      });
    });
}

/** Whether it is known to be somebody else's; the API has the last word when the text is sent. */
function isOthers(response: Response, author: string): boolean {
  const account = visitorOf(response)?.account;
  return account !== undefined && account.username !== author;
}

function draftOf(body: unknown): Draft {
  const values: Typed = typed(body);
  const { title = '', description = '', body: text = '' } = values;
  return { title, description, body: text, tagList: sentTags(values) };
}

function editorPage(options: {
  draft: Draft;
  /** Of the article that is changed. @default it is a new one */
  slug?: string;
  messages?: readonly string[];
}): Omit<Page, 'visitor'> {
  const { draft, slug, messages = [] } = options;
  const title = slug === undefined ? 'New article' : 'Edit article';
  const action = slug === undefined ? '/editor' : editorPath(slug);
  // A line end right after the tag of a textarea is not part of its text: one that is has to follow.
  const main = html`<div class="editor-page"><div class="container narrow page"><h1 class="heading">${title}</h1>!${errorMessages(messages)}<form method="post" action="${action}" novalidate><input type="hidden" name="form" value="${formName()}">
<label class="form-group">Title<input class="form-control form-control-lg" name="title" maxlength="200" placeholder="Article Title" value="${draft.title}" required></label>
<label class="form-group">Description<input class="form-control" name="description" maxlength="500" placeholder="What's this article about?" value="${draft.description}" required></label>
<label class="form-group">Body<textarea class="form-control" name="body" rows="14" maxlength="200000" placeholder="Write your article (in markdown)" required>
${draft.body}</textarea></label>
<div class="form-group"><label for="tags">Tags</label><input class="form-control" id="tags" name="tags" placeholder="Enter tags" value="${draft.tagList.join(', ')}" aria-describedby="tags-hint" autocomplete="off" data-tags="${JSON.stringify(draft.tagList)}"><div class="tag-list"></div><small id="tags-hint">Up to twenty, with commas between them.</small></div>
<button class="btn btn-lg btn-primary" type="submit">Publish Article</button>
</form></div></div>`;
  return { title, ...(slug === undefined ? { here: '/editor' } : {}), scripts: [TAG_EDITOR], main };
}
