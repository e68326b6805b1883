/** How pages go out. */
import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { layout, type Page, type Site } from './layout.ts';
import { visitorOf } from './session.ts';

/** A page as it goes over the wire. */
export interface Document {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Sends pages. */
export interface Show {
  /** @param status default 200; a page of another status is kept by nobody */
  (response: Response, page: Omit<Page, 'visitor'>, status?: number): void;
  /** A page for guests, made ready to be sent more than once. */
  forGuests(page: Omit<Page, 'visitor'>): Document;
  /** Sends such a page. */
  document(response: Response, document: Document): void;
}

/** Makes what sends the pages of a release. */
export function createShow(site: Site): Show {
  const show = (response: Response, page: Omit<Page, 'visitor'>, status = 200): void => {
    const visitor = visitorOf(response);
    if (status === 200) caching(response, visitor === undefined);
    else response.set('Cache-Control', 'no-store');
    response
      .status(status)
      .type('html')
      .send(layout(site, { ...page, visitor }));
  };
  return Object.assign(show, {
    forGuests: (page: Omit<Page, 'visitor'>): Document => {
      const bytes = Buffer.from(layout(site, { ...page, visitor: undefined }));
      return { bytes, etag: `W/"${createHash('sha1').update(bytes).digest('base64url')}"` };
    },
    document: (response: Response, { bytes, etag }: Document): void => {
      caching(response, true);
      response.set('ETag', etag).type('html').send(bytes);
    },
  });
}

/**
 * Who may keep a page. What guests see is the same for all of them, so a shared cache may keep it for those without a
 * cookie, asking each time whether it still holds; what somebody sees who is signed in is theirs alone.
 */
function caching(response: Response, guest: boolean): void {
  response.set('Cache-Control', guest ? 'public, no-cache' : 'private, no-cache').vary('Cookie');
}
