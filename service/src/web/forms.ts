/** The forms: sign in, sign up, a new article. */
import { html } from 'ghtml';
import { errorMessages } from './layout.ts';

/** What somebody typed, as the browser sent it. */
export type Typed = Readonly<Record<string, string>>;

/** The fields of a form that were sent once and as text. */
export function typed(body: unknown): Typed {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Sign in. */
export function loginPage(values: Typed = {}, errors: readonly string[] = []): string {
  return authPage({
    heading: 'Sign in',
    other: html`<a href="/register">Need an account?</a>`,
    action: '/login',
    errors,
    inputs: EMAIL(values) + PASSWORD('current-password'),
  });
}

/** Sign up. */
export function registerPage(values: Typed = {}, errors: readonly string[] = []): string {
  return authPage({
    heading: 'Sign up',
    other: html`<a href="/login">Have an account?</a>`,
    action: '/register',
    errors,
    inputs: USERNAME(values) + EMAIL(values) + PASSWORD('new-password'),
  });
}

/** A new article. */
export function editorPage(values: Typed = {}, errors: readonly string[] = []): string {
  return html`<div class="editor-page"><div class="container narrow"><h1 class="heading">New article</h1>!${errorMessages(errors)}<form method="post" action="/editor">
<label class="form-group">Title<input class="form-control form-control-lg" name="title" maxlength="200" placeholder="Article Title" value="${values.title}" required autofocus></label>
<label class="form-group">Description<input class="form-control" name="description" maxlength="500" placeholder="What's this article about?" value="${values.description}" required></label>
<label class="form-group">Body<textarea class="form-control" name="body" rows="14" placeholder="Write your article" required>
${values.body}</textarea></label>
<label class="form-group">Tags<input class="form-control" name="tags" placeholder="Enter tags" value="${values.tags}"><small>Up to twenty, with commas between them.</small></label>
<button class="btn btn-lg btn-primary" type="submit">Publish Article</button>
</form></div></div>`;
}

function authPage(page: {
  heading: string;
  other: string;
  action: string;
  errors: readonly string[];
  inputs: string;
}): string {
  return html`<div class="auth-page"><div class="container narrow"><div class="card"><h1 class="heading">${page.heading}</h1><p class="switch">!${page.other}</p>!${errorMessages(page.errors)}<form method="post" action="${page.action}">!${page.inputs}<button class="btn btn-lg btn-primary" type="submit">${page.heading}</button></form></div></div></div>`;
}

const USERNAME = (values: Typed) =>
  html`<label class="form-group">Name<input class="form-control form-control-lg" name="username" maxlength="64" autocomplete="username" placeholder="Username" value="${values.username}" required></label>`;

const EMAIL = (values: Typed) =>
  html`<label class="form-group">E-mail<input class="form-control form-control-lg" type="email" name="email" maxlength="254" autocomplete="email" placeholder="Email" value="${values.email}" required></label>`;

// What was typed as a password is never sent back.
const PASSWORD = (autocomplete: string) =>
  html`<label class="form-group">Password<input class="form-control form-control-lg" type="password" name="password" autocomplete="${autocomplete}" placeholder="Password" required></label>`;
