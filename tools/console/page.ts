import { html } from 'ghtml';

/** What every page has around its own content. */
export interface PageProps {
  readonly title: string;
  /** The platform's domain, which tells whose fleet it is. */
  readonly domain: string;
  /** Where the service answers; left out where none runs. */
  readonly serviceUrl?: string;
  /** What is wrong with the config right now, a line each; the page then shows what stood there before. */
  readonly problem?: string;
  /** HTML. */
  readonly body: string;
}

/** A whole page. It runs no script and takes nothing from elsewhere. */
export function page({ title, domain, serviceUrl, problem, body }: PageProps): string {
  const service = serviceUrl && html`<a class="service" href="${serviceUrl}">Open the service</a>`;
  const banner =
    problem &&
    html`<div class="banner" role="alert"><strong>The config can’t be read; this is what it said before.</strong><pre>${problem}</pre></div>`;
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
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/"><svg aria-hidden="true" viewBox="0 0 32 32" width="26" height="26"><path class="ramp" d="M3 27 29 16.5"/><path class="hull" d="M6.2 18.8 24.9 11.2c-.6 3.4-2.6 6-6 7.4l-5.6 2.3c-2.8 1.1-5.5.3-7.1-2.1z"/><path class="mast" d="M13.4 13.6 10.6 6.8m5.5 5.7L14.6 8.8"/></svg>Slipway</a>
<span class="domain">${domain}</span>
!${service ?? ''}
</header>
<main id="main">
!${banner ?? ''}
!${body}
</main>
</body>
</html>
`;
}
