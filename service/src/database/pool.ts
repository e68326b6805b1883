/** A pool of connections that outlives its server, its password and its token. */
import { createSecureContext } from 'node:tls';
import pg from 'pg';
import type { Logger } from '../log.ts';
import { ConnectionError } from './connection-error.ts';
import type { DatabaseSettings, TlsSettings } from './settings.ts';
import { createSignIn, type MakeToken, type SignIn } from './sign-in.ts';

export type Pool = pg.Pool;

/** How to use a database. */
export interface PoolOptions {
  /** Connections at the most. */
  readonly max: number;
  /** What the database calls us. */
  readonly name: string;
  /** How long to wait for a connection. @default 5 seconds */
  readonly connectMilliseconds?: number;
  /** How long a statement may take, after which the server gives it up. @default 15 seconds */
  readonly queryMilliseconds?: number;
  /** For `DATABASE_SIGN_IN=iam`. @default signs by the AWS credentials of this process */
  readonly makeToken?: MakeToken;
}

/** PostgreSQL's type number of bigint. */
const BIGINT = 20;

/**
 * Plans a prepared statement once and not for every run: to plan a list takes as long as to read it. The statements are
 * written so that a plan that knows no values is the right one.
 */
const GENERIC_PLANS = '-c plan_cache_mode=force_generic_plan';

/** How much later than the server we give a statement up: then the server is gone and did not say so. */
const CLIENT_PATIENCE_MILLISECONDS = 1_000;

/** A transaction whose process hangs lets its locks go after this; ours wait for nothing but the database. */
const IDLE_IN_TRANSACTION_MILLISECONDS = 30_000;

/** Making a connection (TLS, sign-in) is dear, and its place in the budget is ours anyway. */
const IDLE_MILLISECONDS = 5 * 60 * 1_000;

/** How soon the kernel asks after a silent peer; a failover may leave nobody to say that the connection is gone. */
const KEEP_ALIVE_MILLISECONDS = 10_000;

/** The pause before a refused sign-in is tried with the password of that time. */
const SIGN_IN_PAUSE_MILLISECONDS = 200;

/** Opens a pool of connections; none is made before the first query. */
export function openPool(settings: DatabaseSettings, log: Logger, options: PoolOptions): Pool {
  const signIn = createSignIn(settings, options.makeToken);
  const queryMilliseconds = options.queryMilliseconds ?? 15_000;
  const { host, port, user, database, connectionSeconds } = settings;
  const pool = new PatientPool(
    {
      host,
      port,
      user,
      database,
      // A function also when it is constant: pg would look for one in the environment.
      password: signIn.password as () => Promise<string>,
      ssl: tlsOptions(settings.tls),
      max: options.max,
      application_name: options.name,
      options: `${GENERIC_PLANS} ${settings.sessionOptions}`,
      connectionTimeoutMillis: options.connectMilliseconds ?? 5_000,
      statement_timeout: queryMilliseconds,
      query_timeout: queryMilliseconds + CLIENT_PATIENCE_MILLISECONDS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MILLISECONDS,
      idleTimeoutMillis: IDLE_MILLISECONDS,
      maxLifetimeSeconds: lifetime(connectionSeconds),
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MILLISECONDS,
      types: {
        // Our ids and counts stay far below 2^53, so they are numbers and not the strings pg makes of bigint.
        getTypeParser: (oid: number, format?: 'text' | 'binary') =>
          oid === BIGINT ? Number : pg.types.getTypeParser(oid, format as 'text'),
      },
      Client: TidyClient as unknown as new () => pg.ClientBase,
    },
    signIn,
    log,
  );
  pool.on('connect', (client) => {
    // The next connection gets another lifetime, so that those made together do not all end together.
    pool.options.maxLifetimeSeconds = lifetime(connectionSeconds);
    // While somebody has it and waits for something else, nobody hears it break; unheard, it would end the process.
    // Whoever uses it next is told by the query.
    client.on('error', () => {});
  });
  // An idle connection that breaks (failover, restart) is replaced at the next query.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection broke'));
  return pool;
}

/** Between four fifths of the time and all of it. */
function lifetime(seconds: number): number {
  return seconds * (0.8 + 0.2 * Math.random());
}

/** Verifies certificate and name; made once, since a bundle of authorities is long to read. */
function tlsOptions(tls: TlsSettings | undefined): pg.PoolConfig['ssl'] {
  if (tls === undefined) return false;
  const secureContext = tls.ca && createSecureContext({ ca: tls.ca.pem });
  return { rejectUnauthorized: true, ...(secureContext && { secureContext }) };
}

/** Hangs up when connecting fails: pg leaves the connection open when it finds no password for it. */
class TidyClient extends pg.Client {
  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): unknown {
    if (callback === undefined) return super.connect();
    super.connect((error: Error) => {
      if (error) void this.end();
      callback(error);
    });
    return undefined;
  }
}

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/**
 * Says clearly why a connection could not be made. And where passwords may change, a refused sign-in is tried again
 * for as long as a connection may be waited for: the database and the file never change in the same moment.
 */
class PatientPool extends pg.Pool {
  readonly #signIn: SignIn;
  readonly #settings: pg.PoolConfig;
  readonly #log: Logger;
  #refused = false;

  constructor(settings: pg.PoolConfig, signIn: SignIn, log: Logger) {
    super(settings);
    this.#settings = settings;
    this.#signIn = signIn;
    this.#log = log;
    this.on('connect', () => this.#heard(undefined));
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): unknown {
    if (callback !== undefined) return this.#connect(callback);
    return new Promise<pg.PoolClient>((resolve, reject) => {
      this.#connect((error, client) => (client === undefined ? reject(error) : resolve(client)));
    });
  }

  #connect(callback: Connected): void {
    const deadline = performance.now() + (this.#settings.connectionTimeoutMillis ?? 0);
    const attempt = () =>
      super.connect((error, client, done) => {
        if (!error) return callback(undefined, client, done);
        const failure = new ConnectionError(error, this.#signIn.hint);
        if (failure.isSignIn) {
          this.#signIn.refused();
          this.#heard(failure.message);
          const next = performance.now() + SIGN_IN_PAUSE_MILLISECONDS;
          if (this.#signIn.changes && next < deadline)
            return void setTimeout(attempt, SIGN_IN_PAUSE_MILLISECONDS);
        }
        callback(failure, undefined, done);
      });
    attempt();
  }

  /** Says that signing in fails, and that it works again; once each. */
  #heard(refusal: string | undefined): void {
    if ((refusal !== undefined) === this.#refused) return;
    this.#refused = refusal !== undefined;
    if (refusal === undefined) this.#log.info('the database lets us in again');
    else this.#log.warn({ reason: refusal }, 'the database does not let us in');
  }
}
