/** Migrations that can't run in a transaction: how a file asks for it, and how they are run so that they can be again. */
import type { PoolClient, QueryConfig } from 'pg';
import { OperatorError } from '../errors.ts';

/** What a file that asks for no transaction holds. */
export interface Outside {
  /** It makes users wait for nothing, and itself waits as long as it must. */
  readonly concurrently: boolean;
  /** The index that it makes, as written. */
  readonly index: string | undefined;
}

const HEADER = '-- no transaction';
const LIKE_HEADER = /^--\s*no[\s_-]*transaction\s*$/i;

const CONCURRENT_INDEX = /\b(CREATE\s+(UNIQUE\s+)?INDEX|DROP\s+INDEX|REINDEX\s+\w+)\s+CONCURRENTLY\b/i;
const CREATE_INDEX =
  /^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+IF\s+NOT\s+EXISTS\s+((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)\s+ON\s/i;
const DROP_INDEX = /^\s*DROP\s+INDEX\s+CONCURRENTLY\s+IF\s+EXISTS\s/i;

/**
 * Reads whether a file asks for no transaction, by a comment of its own before the first statement.
 *
 * @returns undefined when it doesn't
 * @throws {@link OperatorError} when it asks in other words, should ask, or could not be run a second time
 */
export function readOutside(name: string, sql: string): Outside | undefined {
  const mistake = (what: string) => new OperatorError(`migration ${name}: ${what}`);
  const header = sql.split(/\r?\n/).map((line) => line.trim());
  const comments = header.slice(
    0,
    header.findIndex((line) => line !== '' && !line.startsWith('--')),
  );
  const wrong = comments.find((line) => line !== HEADER && LIKE_HEADER.test(line));
  if (wrong !== undefined) throw mistake(`found "${wrong}"; allowed is "${HEADER}"`);
  const code = sql.replaceAll(/--.*$/gm, '');
  const concurrently = CONCURRENT_INDEX.test(code);
  if (!comments.includes(HEADER)) {
    if (concurrently)
      throw mistake(`CONCURRENTLY can't run in a transaction; begin the file with "${HEADER}"`);
    return undefined;
  }
  const index = CREATE_INDEX.exec(code)?.[1];
  if (concurrently && index === undefined && !DROP_INDEX.test(code)) {
    throw mistake(
      'it may be run again after an interruption; allowed is CREATE INDEX CONCURRENTLY IF NOT EXISTS name ON …, or DROP INDEX CONCURRENTLY IF EXISTS name',
    );
  }
  return { concurrently, index };
}

/**
 * Runs the one statement of such a file. An index that an interruption left unfinished is dropped before: with it,
 * `IF NOT EXISTS` would be content, and no query would ever use it.
 */
export async function runOutside(client: PoolClient, sql: string, { index }: Outside): Promise<void> {
  if (index !== undefined) await dropUnfinished(client, index);
  try {
    // This mode refuses a second statement, which would run in one transaction with the first.
    const one: QueryConfig & { queryMode: 'extended' } = { text: sql, queryMode: 'extended' };
    await client.query(one);
  } catch (error) {
    // At once, since it slows down every write and a unique one refuses some. If that can't be done, the next run will.
    if (index !== undefined) await dropUnfinished(client, index).catch(() => {});
    throw error;
  }
}

async function dropUnfinished(client: PoolClient, index: string): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid',
    [index],
  );
  if (rowCount !== 0) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`);
}
