/** Commenting on an article. */
import { Router } from 'express';
import { formBody } from '../../body.ts';
import { createComment, deleteComment } from '../../contract/comments.ts';
import { signedInOnly, submit, typed } from '../forms.ts';
import { createOnce } from '../once.ts';
import { articlePath } from '../paths.ts';
import { viewerOf } from '../session.ts';
import type { Web } from '../web.ts';
import { type ArticlePageOf, unlessGone } from './article.ts';
import { commentId } from './comment-section.ts';

/** The routes of comments; the page of the article shows them. */
export function comments(web: Web, pageOf: ArticlePageOf): Router {
  const { api } = web;
  const once = createOnce();

  return (
    Router()
      .post('/article/:slug/comments', signedInOnly, formBody, async (request, response) => {
        const { slug } = request.params;
        const { body = '', form = '' } = typed(request.body);
        const viewer = viewerOf(response);
        await submit(web, request, response, {
          work: async () => {
            const { comment } = await once(JSON.stringify([viewer, slug, form, body]), () =>
              api.call(createComment, { viewer, params: { slug }, body: { comment: { body } } }),
            );
            return `${articlePath(slug)}#${commentId(comment)}`;
          },
          again: (messages) => pageOf(response, slug, { body, messages }),
        });
      })
      .post('/article/:slug/comments/:id/delete', signedInOnly, async ({ params }, response) => {
        await api.call(deleteComment, { viewer: viewerOf(response), params }).catch(unlessGone);
        response.redirect(303, `${articlePath(params.slug)}#comments`);
      })
      // Whoever reloads a comment that was refused, or is led back to it, is shown the article.
      .get('/article/:slug/comments', ({ params }, response) => {
        response.redirect(303, `${articlePath(params.slug)}#comments`);
      })
  );
}
