/** What pages load besides themselves: the stylesheet, the script, the pictures. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type RequestHandler, Router } from 'express';
import { drawAvatar } from './avatar.ts';

const FOREVER = 'public, max-age=31536000, immutable';
const DAY = 'public, max-age=86400';

/** A file that is part of this release. */
interface Asset {
  /** Its address; the content's hash in it lets browsers keep it for ever. */
  readonly address: string;
  readonly path: string;
  readonly serve: RequestHandler;
}

function asset(path: string, type: 'css' | 'js', files: readonly string[]): Asset {
  const content = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return {
    address: `${path}?v=${hash}`,
    path,
    serve: (request, response) => {
      // While two releases run side by side, one is asked for the other's files: it answers, but not for ever.
      response.set('Cache-Control', request.query.v === hash ? FOREVER : 'no-cache');
      response.type(type).send(content);
    },
  };
}

// Later ones build on earlier ones.
const stylesheet = asset('/assets/conduit.css', 'css', [
  './styles/base.css',
  './styles/frame.css',
  './styles/controls.css',
  './styles/lists.css',
  './styles/article.css',
  './styles/prose.css',
  './styles/comments.css',
  './styles/people.css',
  './styles/forms.css',
]);
const tagEditor = asset('/assets/tags.js', 'js', ['./browser/tags.js']);
const icon = readFileSync(new URL('./conduit.svg', import.meta.url), 'utf8');

/** The address of the stylesheet. */
export const STYLESHEET = stylesheet.address;

/** The address of the script that makes pills of tags. */
export const TAG_EDITOR = tagEditor.address;

/** What pages load besides themselves. */
export function assets(): Router {
  return Router()
    .get(stylesheet.path, stylesheet.serve)
    .get(tagEditor.path, tagEditor.serve)
    .get('/assets/conduit.svg', (_request, response) => {
      response.set('Cache-Control', DAY).type('svg').send(icon);
    })
    .get('/avatars/:username/default-avatar.svg', (request, response) => {
      response.set('Cache-Control', DAY).type('svg').send(drawAvatar(request.params.username));
    });
}
