/** One's own settings. */
import { type Response, Router } from 'express';
import { html } from 'ghtml';
import { formBody } from '../../body.ts';
import { updateCurrentUser } from '../../contract/users.ts';
import { RequestError } from '../../errors.ts';
import { errorMessages, signedInOnly, submit, type Typed, typed } from '../forms.ts';
import type { Page } from '../layout.ts';
import { profilePath } from '../paths.ts';
import { type Account, viewerOf, visitorOf } from '../session.ts';
import type { Web } from '../web.ts';

/** The routes of the settings. */
export function settings(web: Web): Router {
  const { api, show } = web;
  return Router()
    .use('/settings', signedInOnly)
    .get('/settings', (_request, response) => {
      show(response, settingsPage({ values: valuesOf(accountOf(response)) }));
    })
    .post('/settings', formBody, async (request, response) => {
      const values = typed(request.body);
      await submit(web, request, response, {
        work: async () => {
          const call = { viewer: viewerOf(response), body: { user: changesOf(values) } };
          return profilePath((await api.call(updateCurrentUser, call)).user.username);
        },
        again: (messages) => settingsPage({ values, messages }),
      });
    });
}

/** @throws {@link RequestError} 503 while accounts can't be reached: there is nothing to fill the form with */
function accountOf(response: Response): Account {
  const account = visitorOf(response)?.account;
  if (account === undefined) {
    throw new RequestError(503, { auth: ['is not available'] }, { retryAfterSeconds: 1 });
  }
  return account;
}

function valuesOf({ image, username, bio, email }: Account): Typed {
  return { image: image ?? '', username, bio: bio ?? '', email };
}

/** A password that was left empty stays as it is. */
function changesOf({ image, username, bio, email, password }: Typed) {
  return { image, username, bio, email, ...(password ? { password } : {}) };
}

function settingsPage({
  values,
  messages = [],
}: {
  values: Typed;
  messages?: readonly string[];
}): Omit<Page, 'visitor'> {
  // The lower button says no type, so that there is one `[type=submit]` on the page: what the settings are sent with.
  const main = html`<div class="settings-page"><div class="container narrow page"><div class="panel"><h1 class="heading">Your Settings</h1>!${errorMessages(messages)}<form method="post" action="/settings" novalidate>
<label class="form-group">Picture<input class="form-control" name="image" type="url" maxlength="2000" placeholder="URL of profile picture" value="${values.image}"><small>An address that begins with https://. Without one, your initials are shown.</small></label>
<label class="form-group">Name<input class="form-control form-control-lg" name="username" maxlength="64" autocomplete="username" placeholder="Your Name" value="${values.username}" required></label>
<label class="form-group">About you<textarea class="form-control" name="bio" rows="5" maxlength="2000" placeholder="Short bio about you">
${values.bio}</textarea></label>
<label class="form-group">E-mail<input class="form-control" type="email" name="email" maxlength="254" autocomplete="email" placeholder="Email" value="${values.email}" required></label>
<label class="form-group">New password<input class="form-control" type="password" name="password" autocomplete="new-password" placeholder="New Password"><small>Left empty, the password stays as it is.</small></label>
<button class="btn btn-lg btn-primary" type="submit">Update Settings</button>
</form><hr><form method="post" action="/logout"><button class="btn btn-outline-danger">Or click here to logout.</button></form></div></div></div>`;
  return { title: 'Settings', here: '/settings', main };
}
