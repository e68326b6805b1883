/** The stylesheet and the pictures. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Router } from 'express';
import { drawAvatar } from './avatar.ts';

const stylesheet = readFileSync(new URL('./conduit.css', import.meta.url), 'utf8');
const icon = readFileSync(new URL('./conduit.svg', import.meta.url), 'utf8');
const hash = createHash('sha256').update(stylesheet).digest('hex').slice(0, 12);

/** The address of the stylesheet; the content's hash in it lets browsers keep it for ever. */
export const STYLESHEET = `/assets/conduit.css?v=${hash}`;

const FOREVER = 'public, max-age=31536000, immutable';
const DAY = 'public, max-age=86400';

/** What pages load besides themselves. */
export function assets(): Router {
  return Router()
    .get('/assets/conduit.css', (request, response) => {
      // While two releases run side by side, one is asked for the other's stylesheet: it answers, but not for ever.
      response.set('Cache-Control', request.query.v === hash ? FOREVER : 'no-cache');
      response.type('css').send(stylesheet);
    })
    .get('/assets/conduit.svg', (_request, response) => {
      response.set('Cache-Control', DAY).type('svg').send(icon);
    })
    .get('/avatars/:username.svg', (request, response) => {
      response.set('Cache-Control', DAY).type('svg').send(drawAvatar(request.params.username));
    });
}
