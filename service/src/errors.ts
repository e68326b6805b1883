/** Errors of two audiences: the operator who starts the service, and the client who calls it. */
import { isUnavailable } from './database/unavailable.ts';

/** Something the operator can mend: shown as it is, without a stack; the process exits 2. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** The messages about one request, by field: RealWorld's shape. */
export type FieldErrors = Record<string, string[]>;

/** A request that is answered with an error; everything else that is thrown is a fault of ours. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly errors: FieldErrors;
  /** When another try makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, errors: FieldErrors, options: { retryAfterSeconds?: number } = {}) {
    super(describe(errors).join('; '));
    this.status = status;
    this.errors = errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** 401: who is asking is not known, or not believed. */
export function unauthorized(field: 'token' | 'credentials', message: string): RequestError {
  return new RequestError(401, { [field]: [message] });
}

/** 404: there is no such thing. */
export function notFound(what: 'article' | 'comment' | 'page' | 'profile' | 'route'): RequestError {
  return new RequestError(404, { [what]: ['not found'] });
}

/** 403: it belongs to somebody else. */
export function forbidden(what: 'article' | 'comment'): RequestError {
  return new RequestError(403, { [what]: ['forbidden'] });
}

/** The errors as sentences for a person: `email can't be blank`. */
export function describe(errors: FieldErrors): string[] {
  return Object.entries(errors).flatMap(([field, messages]) =>
    messages.map((message) => `${field} ${message}`),
  );
}

/**
 * Turns whatever a handler or a body parser threw into what the client is told.
 *
 * @returns the client's error, or undefined when the fault is ours; 503 when the database is away, which passes
 */
export function asRequestError(error: unknown): RequestError | undefined {
  if (error instanceof RequestError) return error;
  if (isUnavailable(error)) {
    return new RequestError(
      503,
      { server: ['is not available; please try again in a moment'] },
      { retryAfterSeconds: 1 },
    );
  }
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  switch (error.status) {
    case 400:
      return new RequestError(
        400,
        'body' in error ? { body: ['is not valid JSON'] } : { request: ['is malformed'] },
      );
    case 413:
      return new RequestError(413, { body: ['is too large (maximum is 256 kB)'] });
    case 415:
      return new RequestError(415, { body: ['has an encoding that is not supported'] });
    default:
      return undefined;
  }
}
