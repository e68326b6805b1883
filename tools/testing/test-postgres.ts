import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../lib/processes.ts';
import { type Postgres, removePostgres, startPostgres } from '../local/postgres.ts';

const PREFIX = 'slipway-test-postgres-';

// Jest may load its setup and its teardown apart, so what one leaves for the other stands on the process.
const state = globalThis as { slipwayTestPostgres?: Postgres };

/** Starts the PostgreSQL of a test run in a folder named after this process; returns its address. */
export async function startTestPostgres(): Promise<string> {
  await sweep();
  const folder = join(tmpdir(), `${PREFIX}${process.pid}`);
  mkdirSync(folder, { mode: 0o755, recursive: true });
  process.once('exit', kill);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  const postgres = await startPostgres({
    folder: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    throwaway: true,
    settings: { max_connections: '200' },
  });
  state.slipwayTestPostgres = postgres;
  return postgres.url;
}

/** Stops it and removes all it wrote. */
export async function stopTestPostgres(): Promise<void> {
  await state.slipwayTestPostgres?.stop();
  state.slipwayTestPostgres = undefined;
  rmSync(join(tmpdir(), `${PREFIX}${process.pid}`), { recursive: true, force: true });
}

/** The way out of a run that was broken off: nothing may be waited for any more. */
function kill(): void {
  if (state.slipwayTestPostgres === undefined) return;
  try {
    process.kill(state.slipwayTestPostgres.pid, 'SIGKILL');
  } catch {
    // It was gone before us.
  }
  rmSync(join(tmpdir(), `${PREFIX}${process.pid}`), { recursive: true, force: true, maxRetries: 5 });
}

/** Clears away what test runs left that were killed before they could do it themselves. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX) || isRunning(Number(name.slice(PREFIX.length)))) continue;
    await removePostgres(join(tmpdir(), name, 'postgres'));
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
