import { startTestPostgres } from './test-postgres.ts';

/** Before all tests: one throwaway PostgreSQL, whose address the tests find in `TEST_DATABASE_URL`. */
export default async function globalSetup(): Promise<void> {
  process.env.TEST_DATABASE_URL = await startTestPostgres();
}
