/** The API of parts that run as processes of their own. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Tokens } from '../auth/token.ts';
import { type Coalesce, createCoalesce } from '../coalesce.ts';
import type { Operation, Part, Reply } from '../contract/operation.ts';
import { notFound, RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Api, Call } from './api.ts';
import { type Bulkhead, createBulkhead, Full } from './bulkhead.ts';
import {
  createPartClient,
  NoAnswer,
  type PartAnswer,
  type PartClient,
  type PartRequest,
} from './part-client.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

/** Where each part answers: `http://conduit-auth`. */
export type PartUrls = Readonly<Record<Part, string>>;

/**
 * How long a call may take in all. A page makes three in a row at the most, one of them within a second: together that is
 * less than the twenty seconds in which a connection may be silent, and far less than proxies wait (60 s).
 */
const CALL_MILLISECONDS = 4_000;

/** How long a try may take after which there may be another. */
const TRY_MILLISECONDS = 2_000;

/** Before the second try, at most: a process that just went has left the list of endpoints by then. */
const PAUSE_MILLISECONDS = 50;

/** How often the log tells that a part is away; a line for each call would make things worse. */
const REPORT_MILLISECONDS = 10_000;

/** What an answer in the documented shape of errors holds. */
const refusal = z.object({ errors: z.record(z.string(), z.array(z.string())) });

/** One part. */
interface Reached {
  readonly ask: PartClient;
  readonly bulkhead: Bulkhead;
  readonly budget: RetryBudget;
  readonly coalesce: Coalesce<unknown>;
  /** Tells the log of a call that failed. */
  readonly report: (operation: Operation, reason: string) => void;
}

/** What a try came to. */
type Outcome =
  | { readonly reply: unknown }
  | { readonly refused: RequestError }
  /** Nothing that says anything about the request: another try may meet a process that is well. */
  | { readonly trouble: string; readonly received: boolean };

/**
 * Of the requests that this process takes at once, those that may wait for one part, and for parts in all. Those that need
 * another part are served while one hangs, and those that need none whatever hangs.
 */
const SHARES = { part: 1 / 2, parts: 3 / 4 };

/** How long a request may wait to be one of those: longer than a part that is well takes. */
const PLACE_MILLISECONDS = 100;

/**
 * Calls parts over HTTP, each call within four seconds. A read is tried twice, and a write only when it can't have reached
 * the part; no more than one call in ten is, for long. Equal reads by the same reader share their call, and its reply (see
 * {@link createCoalesce}). A part that gives no sensible answer is reported as 503 of its name, and so is one
 * that too many requests wait for already.
 *
 * @param maxInFlight how many requests this process takes at once
 */
export function overHttp(urls: PartUrls, tokens: Tokens, log: Logger, maxInFlight: number): Api {
  const all = createBulkhead(Math.ceil(maxInFlight * SHARES.parts), PLACE_MILLISECONDS);
  const reach = (part: Part): Reached => ({
    ask: createPartClient(urls[part]),
    bulkhead: createBulkhead(Math.ceil(maxInFlight * SHARES.part), PLACE_MILLISECONDS),
    budget: createRetryBudget(),
    coalesce: createCoalesce(),
    report: createReport(log),
  });
  const parts: Readonly<Record<Part, Reached>> = {
    auth: reach('auth'),
    content: reach('content'),
    recommendations: reach('recommendations'),
  };

  return {
    async call<O extends Operation>(operation: O, call: Call<O> = {}): Promise<Reply<O>> {
      const part = parts[operation.part];
      const request = {
        method: operation.method.toUpperCase(),
        path: pathOf(operation, call),
        headers: headersOf(operation, call, tokens),
        body: operation.body && JSON.stringify(call.body),
      };
      const run = () => carryOut(operation, request, part);
      const done = () =>
        isRead(operation)
          ? inTime(part.coalesce(JSON.stringify([call.viewer, request.path]), run), operation.part)
          : run();
      try {
        return (await part.bulkhead(() => all(done))) as Reply<O>;
      } catch (error) {
        if (!(error instanceof Full)) throw error;
        part.report(operation, 'too many requests wait for parts');
        throw unavailable(operation.part);
      }
    },
  };
}

function isRead({ method }: Operation): boolean {
  return method === 'get';
}

/** @returns the reply @throws {@link RequestError} */
async function carryOut(
  operation: Operation,
  request: Omit<PartRequest, 'milliseconds'>,
  { ask, budget, report }: Reached,
): Promise<unknown> {
  const end = performance.now() + CALL_MILLISECONDS;
  budget.called();
  for (let isFirst = true; ; isFirst = false) {
    const left = Math.ceil(end - performance.now());
    // Who may not try again may as well wait.
    const milliseconds = isRead(operation) ? Math.min(TRY_MILLISECONDS, left) : left;
    const outcome = await attempt(operation, ask({ ...request, milliseconds }));
    if ('reply' in outcome) return outcome.reply;
    if ('refused' in outcome) throw outcome.refused;
    if (isFirst && (isRead(operation) || !outcome.received) && budget.retry()) {
      await wait(Math.random() * PAUSE_MILLISECONDS);
      continue;
    }
    report(operation, outcome.trouble);
    throw unavailable(operation.part);
  }
}

/** Whoever shares a call may have to wait for the one before it too: for both no longer than for one. */
async function inTime<Result>(work: Promise<Result>, part: Part): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable(part)), CALL_MILLISECONDS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function createReport(log: Logger): Reached['report'] {
  let unreported = 0;
  let reported = Number.NEGATIVE_INFINITY;
  return ({ part, id }, reason) => {
    unreported += 1;
    const now = performance.now();
    if (now - reported < REPORT_MILLISECONDS) return;
    log.warn({ part, operation: id, reason, calls: unreported }, 'a part is not available');
    unreported = 0;
    reported = now;
  };
}

async function attempt(operation: Operation, answer: Promise<PartAnswer>): Promise<Outcome> {
  try {
    return outcomeOf(operation, await answer);
  } catch (error) {
    if (error instanceof NoAnswer) return { trouble: error.message, received: error.received };
    throw error;
  }
}

function outcomeOf(operation: Operation, { status, text, retryAfter }: PartAnswer): Outcome {
  const body = parsed(text);
  if (status === operation.status && (body !== undefined || operation.reply === undefined))
    return { reply: body };
  const told = refusal.safeParse(body).data;
  // A route that is not found is one of a release to come, or asked for at the wrong door.
  if (told === undefined || status < 400 || status >= 500 || 'route' in told.errors)
    return { trouble: `it answers ${status}`, received: true };
  const seconds = Number(retryAfter ?? Number.NaN);
  const options = Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {};
  return { refused: new RequestError(status, told.errors, options) };
}

/** @returns undefined for what is no JSON */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function pathOf({ path, subject }: Operation, { params, query }: Call<Operation>): string {
  const given = (params ?? {}) as Record<string, string>;
  const filled = path.replace(/:(\w+)/g, (_, key: string) => {
    const name = given[key] ?? '';
    // No address can hold these as a name, however they are written, and nothing is called so.
    if (['', '.', '..'].includes(name)) throw notFound(subject ?? 'route');
    return encodeURIComponent(name);
  });
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const search = new URLSearchParams(pairs).toString();
  return `/api${filled}${search === '' ? '' : `?${search}`}`;
}

function headersOf(
  { body }: Operation,
  { client, viewer }: Call<Operation>,
  tokens: Tokens,
): Record<string, string> {
  return {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(viewer == null ? {} : { authorization: `Token ${tokens.sign(viewer, 'api')}` }),
    // The part's limits are meant for the visitor, not for us.
    ...(client === undefined ? {} : { 'x-forwarded-for': client }),
  };
}

function unavailable(part: Part): RequestError {
  const errors = { [part]: ['is not available; please try again in a moment'] };
  return new RequestError(503, errors, { retryAfterSeconds: 1 });
}
