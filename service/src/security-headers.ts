/** What browsers are told about our answers, so that a mistake elsewhere does less harm. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** What no page of ours asks a browser for. */
const UNUSED = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'];

const byHelmet = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'https:'],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // For browsers that don't know `frame-ancestors`.
  xFrameOptions: { action: 'deny' },
  // Not helmet's `no-referrer`: browsers then send `Origin: null` with our own forms, which are refused.
  referrerPolicy: { policy: 'same-origin' },
  // `Strict-Transport-Security` is among helmet's own: whoever ends TLS in front of us hands it on, and over plain http
  // browsers take no notice of it.
});

// Taken from an answer that goes nowhere, because they are the same for all: to make them anew takes helmet a sixth of
// the time that a short answer takes in all.
const HEADERS: readonly (readonly [name: string, value: string])[] = (() => {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  byHelmet(request, answer, () => {});
  answer.setHeader('Permissions-Policy', UNUSED.map((feature) => `${feature}=()`).join(', '));
  return Object.entries(answer.getHeaders()) as [string, string][];
})();

/** For every answer: no script runs but our own files, and nothing is loaded from elsewhere but people's pictures. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = Object.fromEntries(HEADERS);

/** Puts {@link SECURITY_HEADERS} into every answer. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  for (const [name, value] of HEADERS) response.setHeader(name, value);
  next();
};

/** For answers that hold a token. */
export const neverStored: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

/** As long as browsers keep the answer to a preflight at the most. */
const PREFLIGHT_SECONDS = '7200';

/** What lets a page of any site read an answer. */
export const ANY_ORIGIN: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Retry-After, X-Version',
};
const ANY_ORIGIN_PAIRS = Object.entries(ANY_ORIGIN);

/**
 * Lets pages of other sites use the API (CORS). Any site may: a token has to be given with each request, and the cookie
 * of our own pages opens nothing here.
 */
export const anyOrigin: RequestHandler = (request, response, next) => {
  for (const [name, value] of ANY_ORIGIN_PAIRS) response.setHeader(name, value);
  if (request.method !== 'OPTIONS') return next();
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE');
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, X-Requested-With');
  response.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS);
  response.writeHead(204).end();
};
