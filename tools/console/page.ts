import { html } from 'ghtml';

/** What every page has around its own content. */
export interface PageProps {
  readonly title: string;
  /** The platform's domain, which tells whose fleet it is. */
  readonly domain: string;
  /** Which of the views it belongs to, by its address. */
  readonly view?: string;
  /** What was searched for. */
  readonly search?: string;
  /** Where the service answers; left out where none runs. */
  readonly serviceUrl?: string;
  /** What is wrong with the config right now, a line each; the page then shows what stood there before. */
  readonly problem?: string;
  /** A script of ours that it runs. @default it runs none */
  readonly script?: string;
  /** HTML. */
  readonly body: string;
}

const VIEWS = [
  ['/', 'Fleet'],
  ['/canaries', 'Canaries'],
  ['/rehearse', 'Rehearse'],
  ['/changes', 'Changes'],
] as const;

/** A whole page. It takes nothing from elsewhere. */
export function page(props: PageProps): string {
  const { title, domain, view, search = '', serviceUrl, problem, script, body } = props;
  const service = serviceUrl && html`<a class="service" href="${serviceUrl}">Open the service</a>`;
  const banner =
    problem &&
    html`<div class="banner" role="alert"><strong>The config can’t be read; this is what it said before.</strong><pre>${problem}</pre></div>`;
  const views = VIEWS.map(
    ([path, name]) =>
      html`<li><a href="${path}"!${path === view ? ' aria-current="page"' : ''}>${name}</a></li>`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<link rel="stylesheet" href="/highlight.css">
!${script === undefined ? '' : html`<script src="${script}" defer></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/"><svg aria-hidden="true" viewBox="0 0 32 32" width="26" height="26"><path class="ramp" d="M3 27 29 16.5"/><path class="hull" d="M6.2 18.8 24.9 11.2c-.6 3.4-2.6 6-6 7.4l-5.6 2.3c-2.8 1.1-5.5.3-7.1-2.1z"/><path class="mast" d="M13.4 13.6 10.6 6.8m5.5 5.7L14.6 8.8"/></svg>Slipway</a>
<span class="domain">${domain}</span>
<nav class="views" aria-label="Views"><ul>!${views}</ul></nav>
<form class="search" role="search" action="/search"><label class="unseen" for="search">Objects by name or kind</label><input id="search" name="q" type="search" value="${search}" placeholder="Find an object" autocomplete="off"></form>
!${service ?? ''}
</header>
<main id="main" tabindex="-1">
!${banner ?? ''}
!${body}
</main>
</body>
</html>
`;
}

/** The heading of a page with what is to be said beside it, as HTML. */
export function intro(title: string, figures: readonly string[] = []): string {
  return html`<div class="intro">
<h1>${title}</h1>
<p class="figures">!${figures.map((figure) => html`<span>!${figure}</span>`)}</p>
</div>`;
}

/** The way back to where a page belongs. */
export function crumbs(...links: readonly (readonly [path: string, name: string])[]): string {
  const items = links.map(([path, name]) => html`<a href="${path}">${name}</a>`);
  return html`<nav class="crumbs" aria-label="Where you are">!${items}</nav>`;
}
