import { ConnectionError } from './connection-error.ts';

/** Classes of PostgreSQL's error codes: connection, resources, the operator's doing (shutdown, failover), system. */
const CODES = /^(08|53|57P|58)/;

/** "The database is not accepting connections", and a statement that took longer than it may: states that pass. */
const PASSING = new Set(['55000', '57014']);

/** The network's own. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
]);

/** pg gives these no code. */
const MESSAGES =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error)/;

/** Whether a query failed because the database can't be reached or has no room: another try may do. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof ConnectionError) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if ('code' in error && typeof error.code === 'string') {
    return CODES.test(error.code) || PASSING.has(error.code) || NETWORK.has(error.code);
  }
  return MESSAGES.test(error.message);
}
