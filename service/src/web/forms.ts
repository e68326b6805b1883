/** Forms: what was typed, what was wrong with it, doing what it asks for. */
import type { NextFunction, Request, Response } from 'express';
import { html } from 'ghtml';
import { asRequestError, describe } from '../errors.ts';
import { routeOf } from '../route.ts';
import type { Page } from './layout.ts';
import { visitorOf } from './session.ts';
import type { Web } from './web.ts';

/** What somebody typed, as the browser sent it. */
export type Typed = Readonly<Record<string, string>>;

/** The fields of a form that were sent once and as text. */
export function typed(body: unknown): Typed {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** What went wrong with a form, as a list. */
export function errorMessages(messages: readonly string[]): string {
  if (messages.length === 0) return '';
  return html`<div role="alert"><ul class="error-messages">!${messages.map((message) => html`<li>${message}</li>`)}</ul></div>`;
}

/** Leads guests to where they can sign in; goes before the parser of the body, so that a stranger's body isn't read. */
export function signedInOnly<Params>(
  _request: Request<Params>,
  response: Response,
  next: NextFunction,
): void {
  if (visitorOf(response) === undefined) response.redirect(303, '/login');
  else next();
}

/**
 * Does what a form asks for; when that can't be done, shows the page of the form again, with what was typed and why.
 *
 * @param work gives the path to go on to
 * @param again makes the page of the form
 */
export async function submit<Params extends Request['params']>(
  { show, log }: Web,
  request: Request<Params>,
  response: Response,
  {
    work,
    again,
  }: {
    work: () => Promise<string>;
    again: (messages: readonly string[]) => Omit<Page, 'visitor'> | Promise<Omit<Page, 'visitor'>>;
  },
): Promise<void> {
  let path: string;
  try {
    path = await work();
  } catch (error) {
    const told = asRequestError(error);
    if (told === undefined)
      log.error({ error, method: request.method, route: routeOf(request) }, 'a form failed');
    if (told?.retryAfterSeconds !== undefined) response.set('Retry-After', String(told.retryAfterSeconds));
    return show(response, await again(sentences(error)), told?.status ?? 500);
  }
  response.redirect(303, path);
}

/** What a visitor is told of an error, of whatever kind. */
export function sentences(error: unknown): string[] {
  const told = asRequestError(error);
  if (told === undefined) return ['Something went wrong on our side. Please try again in a moment.'];
  switch (told.status) {
    case 401:
      return 'token' in told.errors
        ? ['You are no longer signed in. Sign in on another page, then send this again.']
        : describe(told.errors);
    case 413:
      return ['What you sent is too large.'];
    case 429:
      return [`That was too often. Please try again ${after(told.retryAfterSeconds)}.`];
    case 503:
      return ['Unable to connect to this part of Conduit. Please try again in a moment.'];
    default:
      return describe(told.errors);
  }
}

/** How long it is until then, in words. */
function after(seconds: number | undefined): string {
  if (seconds === undefined) return 'in a while';
  if (seconds < 90) return `in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}
