/** The frame around every page. */
import { html } from 'ghtml';
import { avatarOf } from './avatar.ts';
import type { Visitor } from './session.ts';

/** What is the same on every page of one release. */
export interface Site {
  readonly version: string;
  /** Marks the release, so that a canary can be told from what it replaces. */
  readonly colour: string;
  /** The address of the stylesheet. */
  readonly stylesheet: string;
}

/** What makes one page. */
export interface Page {
  readonly title?: string;
  /** Who looks; undefined is a guest. */
  readonly visitor: Visitor | undefined;
  /** The path of the link in the navigation that leads here. */
  readonly here?: string;
  /** Addresses of stylesheets besides the site's own. @default none */
  readonly stylesheets?: readonly string[];
  /** HTML between navigation and footer. */
  readonly main: string;
  /** Leaves the links to sign in and up to the page itself. @default false */
  readonly bare?: boolean;
}

/** The whole document. */
export function layout(site: Site, page: Page): string {
  const title = page.title === undefined ? 'Conduit' : `${page.title} — Conduit`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
!${[site.stylesheet, ...(page.stylesheets ?? [])].map((address) => html`<link rel="stylesheet" href="${address}">`)}
<link rel="icon" href="/assets/conduit.svg" type="image/svg+xml">
</head>
<body>
<a class="skip-link" href="#main">Skip to content</a>
!${releaseStripe(site)}
<nav class="navbar" aria-label="Main">
<div class="container">
<a class="navbar-brand" href="/">!${MARK}conduit</a>
<ul class="nav navbar-nav${page.visitor ? ' signed-in' : ''}">!${links(page)}</ul>
</div>
</nav>
<main id="main">!${page.main}</main>
<footer class="footer">
<div class="container">
<p>Conduit, a place to share what you know.</p>
!${releaseBadge(site)}
</div>
</footer>
</body>
</html>`;
}

/** The sign of Conduit: two streams that become one. */
const MARK = `<svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M3 6c8 0 8 6 18 6M3 18c8 0 8-6 18-6" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"/></svg>`;

function links(page: Page): string {
  const link = (path: string, text: string) =>
    html`<li class="nav-item"><a class="nav-link${page.here === path ? ' active' : ''}" href="${path}"!${
      page.here === path ? ' aria-current="page"' : ''
    }>${text}</a></li>`;
  const { visitor } = page;
  if (visitor === undefined) {
    return link('/', 'Home') + (page.bare ? '' : link('/login', 'Sign in') + link('/register', 'Sign up'));
  }
  const profile = profilePath(visitor.username);
  return html`!${link('/', 'Home')}!${link('/editor', 'New article')}
<li class="nav-item"><a class="nav-link nav-user${page.here === profile ? ' active' : ''}" href="${profile}"><img class="user-pic" src="${avatarOf(visitor)}" alt="" width="26" height="26"><span>${visitor.username}</span></a></li>
<li class="nav-item"><form method="post" action="/logout"><button class="nav-link" type="submit">Sign out</button></form></li>`;
}

// The colour stands in attributes of SVG, because the content security policy forbids styles in the document.
function releaseStripe({ colour }: Site): string {
  return html`<svg class="release-stripe" aria-hidden="true" width="100%" height="6"><rect width="100%" height="6" fill="${colour}"/></svg>`;
}

function releaseBadge({ colour, version }: Site): string {
  return html`<p class="release" title="The release that made this page"><svg width="10" height="10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${colour}"/></svg>version <b>${version}</b></p>`;
}

/** The path of somebody's page. */
export function profilePath(username: string): string {
  return `/profile/${encodeURIComponent(username)}`;
}

/** A day as people write it: 3 March 2026. */
export function day(moment: string): string {
  return DAY.format(new Date(moment));
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** What went wrong with a form, as a list. */
export function errorMessages(messages: readonly string[]): string {
  if (messages.length === 0) return '';
  return html`<ul class="error-messages" role="alert">!${messages.map((message) => html`<li>${message}</li>`)}</ul>`;
}
