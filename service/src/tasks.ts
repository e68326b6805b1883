/** What is done once and ends: migrating, seeding. */
import type { Config } from './config.ts';
import { migrate } from './database/migrate.ts';
import { openPool } from './database/pool.ts';
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
  const pool = openPool(config.databaseUrl, createLog(config.logLevel), {
    max: 1,
    name: 'conduit-tasks',
    queryMilliseconds: QUERY_MILLISECONDS,
  });
  try {
    if (tasks.migrate) {
      const applied = await migrate(pool);
      console.log(
        applied.length === 0 ? 'migrations: nothing to do' : `migrations applied: ${applied.join(', ')}`,
      );
    }
    if (tasks.seed) console.log(await seed(pool));
  } catch (error) {
    throw unreachable(error) ?? error;
  } finally {
    await pool.end();
  }
}

/** A database that can't be reached or refuses us is the operator's to mend, without a stack. */
function unreachable(error: unknown): OperatorError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const code = String(error.code);
  // System errors are like ECONNREFUSED; class 28 is a refused sign-in, 3D a database that isn't there.
  if (!/^(E[A-Z]+|28...|3D...)$/.test(code)) return undefined;
  return new OperatorError(`DATABASE_URL: the database can't be used: ${error.message || code}`, {
    cause: error,
  });
}
