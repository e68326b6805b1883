/** What is done once and ends: migrating, seeding. */
import type { Config } from './config.ts';
import { ConnectionError } from './database/connection-error.ts';
import { migrate } from './database/migrate.ts';
import { openPool } from './database/pool.ts';
import type { DatabaseSettings } from './database/settings.ts';
import { OperatorError } from './errors.ts';
import { createLog } from './log.ts';
import { seed } from './seed/seed.ts';

/** A migration may rewrite a large table. */
const QUERY_MILLISECONDS = 30 * 60 * 1_000;

/** Does what is asked for and says so, one line each. */
export async function runTasks(config: Config, tasks: { migrate: boolean; seed: boolean }): Promise<void> {
  if (tasks.seed && process.env.NODE_ENV === 'production') {
    throw new OperatorError(
      '--seed: the demonstration accounts have a published password; not with NODE_ENV=production',
    );
  }
  const { database } = config;
  if (database === undefined) {
    throw new OperatorError(`--migrate and --seed need a database, and --target=${config.target} has none`);
  }
  const log = createLog(config.logLevel);
  const pool = openPool(database, log, {
    max: 1,
    name: 'conduit-tasks',
    queryMilliseconds: QUERY_MILLISECONDS,
  });
  try {
    if (tasks.migrate) {
      const applied = await migrate(pool, { log });
      console.log(
        applied.length === 0 ? 'migrations: nothing to do' : `migrations applied: ${applied.join(', ')}`,
      );
    }
    if (tasks.seed) console.log(await seed(pool));
  } catch (error) {
    throw unusable(error, database) ?? error;
  } finally {
    await pool.end();
  }
}

/** A database that can't be reached or refuses us is the operator's to mend, without a stack. */
function unusable(error: unknown, { host, port, database }: DatabaseSettings): OperatorError | undefined {
  if (!(error instanceof ConnectionError)) return undefined;
  return new OperatorError(`the database ${database} at ${host}:${port} can't be used: ${error.message}`, {
    cause: error,
  });
}
