import { html } from 'ghtml';
import { releaseStripe, type Site } from './layout.ts';

/**
 * What a browser shows when a request is turned away because there are too many: made once, and small, since it is sent
 * when time is short. It has no navigation, for nobody has looked who asks, and no link, for what was asked may be a form.
 */
export function busyPage(site: Site): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>One moment, please — Conduit</title>
<link rel="stylesheet" href="${site.stylesheet}">
</head>
<body>
!${releaseStripe(site)}
<main class="error-page"><div class="container narrow page"><p class="status">503</p><h1 class="heading">One moment, please</h1><p>Very many people are here at once. Please try again in a few seconds.</p></div></main>
</body>
</html>`;
}
