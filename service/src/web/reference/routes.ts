import { readFileSync } from 'node:fs';
import type { Express } from 'express';
import { openApi } from '../../contract/openapi.ts';
import { layout, type Site } from '../layout.ts';
import { referencePage } from './page.ts';

const STYLESHEET = '/assets/reference.css';
const HOUR = 'public, max-age=3600';

/**
 * Adds the API's description for programs (`/api/openapi.json`) and for people (`/api`). Not as a router of its own: every
 * call of the API would leave that again, which Express lets wait for the next turn of the event loop.
 */
export function addReference(app: Express, site: Site): void {
  const document = openApi(site.version);
  const stylesheet = readFileSync(new URL('./reference.css', import.meta.url), 'utf8');
  const page = layout(site, {
    title: 'The API',
    visitor: undefined,
    main: referencePage(document),
    stylesheets: [STYLESHEET],
  });
  app
    .get('/api', (_request, response) => {
      response.set('Cache-Control', HOUR).type('html').send(page);
    })
    .get('/api/openapi.json', (_request, response) => {
      // Anybody's tools may read it.
      response.set('Cache-Control', HOUR).set('Access-Control-Allow-Origin', '*').json(document);
    })
    .get(STYLESHEET, (_request, response) => {
      response.set('Cache-Control', HOUR).type('css').send(stylesheet);
    });
}
