/** What is shown when there is nothing to see. */
import type { ErrorRequestHandler, Request } from 'express';
import { html } from 'ghtml';
import { asRequestError } from '../../errors.ts';
import { routeOf } from '../../route.ts';
import { sentences } from '../forms.ts';
import type { Page } from '../layout.ts';
import type { Web } from '../web.ts';

/** Turns what a page could not do into a page; goes behind all of them. */
export function errorPages({ show, log }: Web): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const told = asRequestError(error);
    if (told === undefined)
      log.error({ error, method: request.method, route: routeOf(request) }, 'a page failed');
    if (told?.retryAfterSeconds !== undefined) response.set('Retry-After', String(told.retryAfterSeconds));
    const status = told?.status ?? 500;
    show(response, errorPage(status, sentences(error), request), status);
  };
}

const HEADINGS: Readonly<Record<number, string>> = {
  404: 'There is nothing here',
  429: 'That was too often',
  503: 'One moment, please',
};

function errorPage(status: number, messages: readonly string[], request: Request): Omit<Page, 'visitor'> {
  const heading = HEADINGS[status] ?? (status >= 500 ? 'Something went wrong' : 'That did not work');
  const again =
    status >= 500 && request.method === 'GET'
      ? html`<a class="btn btn-primary" href="${request.originalUrl}">Try again</a>`
      : '<a class="btn btn-primary" href="/">To the articles</a>';
  const main = html`<div class="error-page ${kindOf(request.path)}"><div class="container narrow page"><p class="status">${status}</p><h1 class="heading">${heading}</h1>!${messages.map((message) => html`<p>${message}</p>`)}<p>!${again}</p></div></div>`;
  return { title: heading, main };
}

/** The page that it would have been keeps its name. */
function kindOf(path: string): string {
  if (path.startsWith('/article/')) return 'article-page';
  return path.startsWith('/profile/') ? 'profile-page' : '';
}
