import { stopTestPostgres } from './test-postgres.ts';

/** After all tests, also when some of them failed: the throwaway PostgreSQL goes, with its data. */
export default async function globalTeardown(): Promise<void> {
  await stopTestPostgres();
}
