/** Signing in, up and out. */
import { type Request, Router } from 'express';
import { html } from 'ghtml';
import { formBody } from '../../body.ts';
import { signIn, signUp, type User } from '../../contract/users.ts';
import { errorMessages, submit, type Typed, typed } from '../forms.ts';
import type { Page } from '../layout.ts';
import { createOnce, formName } from '../once.ts';
import { cameFrom, safePath } from '../return-path.ts';
import { visitorOf } from '../session.ts';
import type { Web } from '../web.ts';

/** One of the two forms. */
interface Entrance {
  readonly path: '/login' | '/register';
  readonly heading: 'Sign in' | 'Sign up';
  /** The way to the other form. */
  readonly other: { readonly path: string; readonly text: string };
  readonly inputs: (values: Typed) => string;
  /** Asks the API. */
  readonly enter: (values: Typed, request: Request) => Promise<User>;
}

/** The routes of signing in, up and out. */
export function signInAndUp(web: Web): Router {
  const { api, sessions } = web;
  const once = createOnce();
  const router = Router();

  addEntrance(router, web, {
    path: '/login',
    heading: 'Sign in',
    other: { path: '/register', text: 'Need an account?' },
    inputs: (values) => email(values) + password('current-password'),
    enter: async (values, request) =>
      (await api.call(signIn, { body: { user: values }, client: request.ip })).user,
  });

  addEntrance(router, web, {
    path: '/register',
    heading: 'Sign up',
    // Not the address alone: that is the navigation's, and stands on a page once.
    other: { path: '/login?next=/', text: 'Have an account?' },
    inputs: (values) => named() + username(values) + email(values) + password('new-password'),
    // The password is part of the key: nobody is let in who doesn't know it.
    enter: (values, request) =>
      once(JSON.stringify([values, request.ip]), async () => {
        return (await api.call(signUp, { body: { user: values }, client: request.ip })).user;
      }),
  });

  return router.post('/logout', (request, response) => {
    sessions.end(request, response);
    response.redirect(303, '/');
  });
}

function addEntrance(router: Router, web: Web, entrance: Entrance): void {
  const { path, enter } = entrance;
  router
    .route(path)
    .get((request, response) => {
      if (visitorOf(response) !== undefined) return response.redirect(303, '/');
      const next = safePath(request.query.next) ?? cameFrom(request);
      web.show(response, entrancePage(entrance, { values: { next: next ?? '/' } }));
    })
    .post(formBody, async (request, response) => {
      const values = typed(request.body);
      await submit(web, request, response, {
        work: async () => {
          web.sessions.start(request, response, await enter(values, request));
          return safePath(values.next) ?? '/';
        },
        again: (messages) => entrancePage(entrance, { values, messages }),
      });
    });
}

function entrancePage(
  { path, heading, other, inputs }: Entrance,
  { values, messages = [] }: { values: Typed; messages?: readonly string[] },
): Omit<Page, 'visitor'> {
  const main = html`<div class="auth-page"><div class="container narrow page"><div class="panel"><h1 class="heading">${heading}</h1><p class="switch"><a href="${other.path}">${other.text}</a></p>!${errorMessages(messages)}<form method="post" action="${path}" novalidate><input type="hidden" name="next" value="${safePath(values.next) ?? '/'}">!${inputs(values)}<button class="btn btn-lg btn-primary" type="submit">${heading}</button></form></div></div></div>`;
  return { title: heading, here: path, main };
}

/** Tells this showing of the form from others. */
const named = () => html`<input type="hidden" name="form" value="${formName()}">`;

const username = (values: Typed) =>
  html`<label class="form-group">Name<input class="form-control form-control-lg" name="username" maxlength="64" autocomplete="username" placeholder="Username" value="${values.username}" required></label>`;

const email = (values: Typed) =>
  html`<label class="form-group">E-mail<input class="form-control form-control-lg" type="email" name="email" maxlength="254" autocomplete="email" placeholder="Email" value="${values.email}" required></label>`;

// What was typed as a password is never sent back.
const password = (autocomplete: 'current-password' | 'new-password') =>
  html`<label class="form-group">Password<input class="form-control form-control-lg" type="password" name="password" autocomplete="${autocomplete}" placeholder="Password" required></label>`;
