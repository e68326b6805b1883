/** The API of parts that run as processes of their own. */
import { setTimeout as wait } from 'node:timers/promises';
import { context, propagation } from '@opentelemetry/api';
import { z } from 'zod';
import type { Tokens } from '../auth/token.ts';
import type { Operation, Part, Reply } from '../contract/operation.ts';
import { notFound, RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Api, Call } from './api.ts';

/** Where each part answers: `http://conduit-auth`. */
export type PartUrls = Readonly<Record<Part, string>>;

/** How long one try may take. A visitor waits for a page; what takes longer is better said to be unavailable. */
const TRY_MILLISECONDS = 2_000;

/** How many times a call that is safe to repeat is made in all. */
const TRIES = 2;

/** Before the second try, at most: a pod that just went has left the list of endpoints by then. */
const PAUSE_MILLISECONDS = 50;

/** What an answer in the documented shape of errors holds. */
const refusal = z.object({ errors: z.record(z.string(), z.array(z.string())) });

/** Statuses that say nothing about the request: another try may meet a process that is well. */
const UNAVAILABLE = new Set([500, 502, 503, 504]);

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
}

/**
 * Calls parts over HTTP, each try within two seconds. Reads are tried twice; a write only when it can't have reached
 * the part. A part that gives no sensible answer is reported as 503 of its name.
 */
export function overHttp(urls: PartUrls, tokens: Tokens, log: Logger): Api {
  return {
    async call<O extends Operation>(operation: O, call: Call<O> = {}): Promise<Reply<O>> {
      const url = urlOf(urls[operation.part], operation, call);
      const init: RequestInit = {
        method: operation.method.toUpperCase(),
        headers: await headersOf(operation, call, tokens),
        ...(operation.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        redirect: 'error',
      };
      const safe = operation.method === 'get';
      for (let left = TRIES - 1; ; left -= 1) {
        const { answer, failure } = await attempt(url, init);
        if (answer?.status === operation.status) return answer.body as Reply<O>;
        if (answer && !UNAVAILABLE.has(answer.status)) throw told(answer);
        if (left > 0 && (safe || (!answer && neverArrived(failure)))) {
          await wait(Math.random() * PAUSE_MILLISECONDS);
          continue;
        }
        const reason = answer ? `it answers ${answer.status}` : (codeOf(failure) ?? String(failure));
        log.warn({ part: operation.part, operation: operation.id, reason }, 'a part is not available');
        throw unavailable(operation.part);
      }
    },
  };
}

async function attempt(url: string, init: RequestInit): Promise<{ answer?: Answer; failure?: unknown }> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TRY_MILLISECONDS) });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return { answer: { status: response.status, body, retryAfter: response.headers.get('retry-after') } };
  } catch (failure) {
    return { failure };
  }
}

function urlOf(base: string, { path, subject }: Operation, { params, query }: Call<Operation>): string {
  const given = (params ?? {}) as Record<string, string>;
  const filled = path.replace(/:(\w+)/g, (_, key: string) => {
    const name = given[key] ?? '';
    // No address can hold these as a name, however they are written, and nothing is called so.
    if (['', '.', '..'].includes(name)) throw notFound(subject ?? 'route');
    return encodeURIComponent(name);
  });
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const search = new URLSearchParams(pairs).toString();
  return `${base}/api${filled}${search === '' ? '' : `?${search}`}`;
}

async function headersOf(
  { body }: Operation,
  { client, viewer }: Call<Operation>,
  tokens: Tokens,
): Promise<Record<string, string>> {
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(viewer == null ? {} : { authorization: `Token ${await tokens.sign(viewer, 'api')}` }),
    // The part's limits are meant for the visitor, not for us.
    ...(client === undefined ? {} : { 'x-forwarded-for': client }),
  };
  // So that what the part does belongs to the same trace.
  propagation.inject(context.active(), headers);
  return headers;
}

function told({ status, body, retryAfter }: Answer): RequestError {
  const parsed = refusal.safeParse(body);
  if (!parsed.success) throw new Error(`a part answered ${status} with something unexpected`);
  const seconds = Number(retryAfter ?? Number.NaN);
  return new RequestError(
    status,
    parsed.data.errors,
    Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {},
  );
}

function unavailable(part: Part): RequestError {
  const errors = { [part]: ['is not available; please try again in a moment'] };
  return new RequestError(503, errors, { retryAfterSeconds: 1 });
}

/** Whether no byte of the request can have reached anybody. */
function neverArrived(failure: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    codeOf(failure) ?? '',
  );
}

/** fetch wraps what happened on the network; with several addresses tried it is wrapped twice. */
function codeOf(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null) return undefined;
  if ('code' in failure && typeof failure.code === 'string') return failure.code;
  return 'cause' in failure ? codeOf(failure.cause) : undefined;
}
