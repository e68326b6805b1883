/** The frame around every page. */
import { html } from 'ghtml';
import { avatarOf } from './avatar.ts';
import { icon } from './icons.ts';
import { profilePath } from './paths.ts';
import type { Account, Visitor } from './session.ts';

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
  /** What it is about, for those who list pages. */
  readonly description?: string;
  /** Who looks; undefined is a guest. */
  readonly visitor: Visitor | undefined;
  /** The path of the link in the navigation that leads here. */
  readonly here?: string;
  /** Addresses of stylesheets besides the site's own. @default none */
  readonly stylesheets?: readonly string[];
  /** Addresses of scripts, which the page must be of use without. @default none */
  readonly scripts?: readonly string[];
  /** Where the navigation leads guests to sign in. @default /login */
  readonly signIn?: string;
  /** HTML between navigation and footer. */
  readonly main: string;
}

/**
 * The form that buttons outside of forms send, each with an address of its own: `<button form="act" formaction="…">`.
 * One form for all of them, since HTML allows none in the places where such buttons stand.
 */
export const ACT = 'act';

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
!${page.description === undefined ? '' : html`<meta name="description" content="${page.description}">`}
!${[site.stylesheet, ...(page.stylesheets ?? [])].map((address) => html`<link rel="stylesheet" href="${address}">`)}
!${(page.scripts ?? []).map((address) => html`<script type="module" src="${address}"></script>`)}
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
!${page.visitor !== undefined && page.visitor.account === undefined ? NO_ACCOUNT : ''}
<main id="main">!${page.main}</main>
<form id="${ACT}" method="post" hidden></form>
<footer class="footer">
<div class="container">
<p>Conduit, a place to share what you know. <a href="/api">The API</a></p>
!${releaseBadge(site)}
</div>
</footer>
</body>
</html>`;
}

/** The sign of Conduit: two streams that become one. */
const MARK = `<svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M3 6c8 0 8 6 18 6M3 18c8 0 8-6 18-6" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"/></svg>`;

const NO_ACCOUNT = `<p class="notice" role="status">Your account can’t be reached at the moment. You can read on.</p>`;

function links({ here, signIn = '/login', visitor }: Page): string {
  const link = (path: string, inner: string, leadsTo = path) => {
    const current = here === path;
    return html`<li class="nav-item"><a class="nav-link${current ? ' active' : ''}" href="${leadsTo}"!${current ? ' aria-current="page"' : ''}>!${inner}</a></li>`;
  };
  if (visitor === undefined) {
    return link('/', 'Home') + link('/login', 'Sign in', signIn) + link('/register', 'Sign up');
  }
  return (
    link('/', 'Home') +
    link('/editor', `${icon('compose')}<span>New Article</span>`) +
    link('/settings', `${icon('gear-a')}<span>Settings</span>`) +
    (visitor.account === undefined ? '' : link(profilePath(visitor.account.username), self(visitor.account)))
  );
}

function self(account: Account): string {
  return html`<img class="user-pic" src="${avatarOf(account)}" alt="" width="26" height="26"><span class="user-name">${account.username}</span>`;
}

/** The release's colour along the top; in attributes of SVG, because the content security policy forbids styles in the document. */
export function releaseStripe({ colour }: Site): string {
  return html`<svg class="release-stripe" aria-hidden="true" width="100%" height="6"><rect width="100%" height="6" fill="${colour}"/></svg>`;
}

function releaseBadge({ colour, version }: Site): string {
  return html`<p class="release" title="The release that made this page"><svg width="10" height="10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${colour}"/></svg>version <b>${version}</b></p>`;
}
