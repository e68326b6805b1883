// What the console's server keeps to, whatever page is asked for.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { UserError } from '../lib/user-error.ts';

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** Where to go instead. */
  readonly location?: string;
}

/** An answer that goes on: whoever gives it writes it and ends it. */
export type Stream = (response: ServerResponse) => void;

/** A request that may be answered. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  /** Decoded parts of the path: `/clusters/dev` is `['clusters', 'dev']`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** What a form sent. */
  readonly form: URLSearchParams;
}

/** Answers requests; `undefined` for an address that there is no page of. */
export type Router = (asked: Asked) => Promise<Answer | Stream | undefined>;

export const HTML = 'text/html; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';

/** A form of ours is far smaller than this, in bytes. */
const LARGEST_FORM = 4096;

export const HEADERS = {
  // Nothing is loaded but our own files, pictures that are part of a page, and events of our own.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // With "no-referrer" a browser would not say either where a form comes from.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  // Each page shows what is on the disk now.
  'cache-control': 'no-store',
} as const;

/** An answer in plain words. */
export function inWords(status: number, words: string): Answer {
  return { status, type: TEXT, body: `${words}\n` };
}

/** Sends a browser to another page once its form was taken. */
export function seeOther(location: string): Answer {
  return { ...inWords(303, `see ${location}`), location };
}

/** Answers one request. */
export async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  route: Router,
  notFound: (path: string) => Promise<Answer>,
): Promise<void> {
  const answer = await judge(request, route, notFound);
  if (typeof answer === 'function') {
    answer(response);
    return;
  }
  const { status, type, body, location } = answer;
  response.writeHead(status, {
    ...HEADERS,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(location !== undefined && { location }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function judge(
  request: IncomingMessage,
  route: Router,
  notFound: (path: string) => Promise<Answer>,
): Promise<Answer | Stream> {
  // A page of another site could make its name point here, and then read what we answer.
  if (!isOurs(request.headers.host)) return inWords(403, 'only for this machine');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method !== 'GET' && method !== 'POST') return inWords(405, 'there is only reading here, and forms');
  // A page of another site may send a form here, too; the browser says so.
  if (method === 'POST' && request.headers.origin !== `http://${request.headers.host}`) {
    return inWords(403, 'only from a page of this console');
  }
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = parts(url.pathname);
    const form = method === 'POST' ? await readForm(request) : new URLSearchParams();
    if (form === undefined) return inWords(413, 'no form here is that large');
    const answer = path && (await route({ method, path, query: url.searchParams, form }));
    if (typeof answer === 'function' && request.method === 'HEAD')
      return inWords(405, 'this goes on for ever');
    if (answer !== undefined) return answer;
    return method === 'POST' ? inWords(405, 'nothing here takes a form') : await notFound(url.pathname);
  } catch (error) {
    if (error instanceof UserError) return inWords(500, error.message);
    return inWords(500, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function isOurs(header = ''): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(header.replace(/:\d+$/, ''));
}

/** The parts of a path; `undefined` for one that is no UTF-8. */
function parts(pathname: string): string[] | undefined {
  try {
    return pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > LARGEST_FORM) return undefined;
  }
  return new URLSearchParams(text);
}
