import { join, relative } from 'node:path';
import { UserError } from '../lib/user-error.ts';
import { removePostgres, startPostgres } from './postgres.ts';

/** Which database `npm start` uses. */
export interface DatabaseProps {
  /** The repo. */
  readonly root: string;
  /** The address of a database of the user's own. @default an embedded PostgreSQL is started */
  readonly databaseUrl?: string;
  /** Whether the embedded one begins without the data of earlier starts. */
  readonly fresh: boolean;
  /** Whether the embedded one is for this start alone, apart from the one that keeps its data. */
  readonly throwaway: boolean;
}

/** A database that can be used. */
export interface Database {
  readonly url: string;
  /** What is to be said about it, without the password. */
  readonly says: string;
  /** Where its log is, for one of ours. */
  readonly logFile?: string;
  /** Resolves when it is gone by itself; never for one that is not ours. */
  readonly ended: Promise<void>;
  /** Stops it; one that is not ours is left as it is. */
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL, or takes the user's own database. */
export async function openDatabase({
  root,
  databaseUrl,
  fresh,
  throwaway,
}: DatabaseProps): Promise<Database> {
  if (databaseUrl !== undefined) {
    if (fresh)
      throw new UserError(
        '--fresh removes the embedded database, and DATABASE_URL names another: unset one of them',
      );
    const never = new Promise<void>(() => {});
    return {
      url: databaseUrl,
      says: `${withoutSecrets(databaseUrl)} (DATABASE_URL)`,
      ended: never,
      stop: async () => {},
    };
  }
  const kept = join(root, '.slipway', 'postgres');
  const passing = join(root, '.slipway', 'postgres-once');
  // Of a start that was killed before it could clear up.
  await removePostgres(passing);
  if (fresh) await removePostgres(kept);

  const folder = throwaway ? passing : kept;
  const logFile = join(root, '.slipway', 'logs', 'postgres.log');
  const postgres = await startPostgres({ folder, logFile, throwaway });
  const facts = [
    `PostgreSQL on port ${postgres.port}`,
    postgres.isNew ? 'new' : `data kept in ${relative(root, kept)}`,
    ...(postgres.stoppedOrphan ? ['stopped the one that a killed start had left'] : []),
  ];
  return {
    url: postgres.url,
    says: facts.join(', '),
    logFile,
    ended: postgres.ended,
    async stop() {
      await postgres.stop();
      if (throwaway) await removePostgres(folder);
    },
  };
}

/** An address as it may be shown: its parameters may hold a password too. */
export function withoutSecrets(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl))
    throw new UserError('DATABASE_URL is no address: postgres://user:password@host:5432/database is one');
  const { protocol, username, host, pathname } = new URL(databaseUrl);
  return `${protocol}//${username && `${username}:***@`}${host}${pathname}`;
}
