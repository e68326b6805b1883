/** Conduit as processes, on a database with demonstration data. */
import {
  createTestDatabase,
  environment,
  runMain,
  type ServiceProcess,
  spawnService,
} from '../src/testing.ts';
import { isReady } from './proxy.ts';

/** Where Conduit can be started. */
export interface ConduitDatabase {
  /**
   * Starts a process and waits until it is ready.
   *
   * @param args of the command. @default none: it serves everything
   * @param main the file to run. @default this release's own
   */
  start(settings?: Record<string, string>, args?: string[], main?: string): Promise<ServiceProcess>;
  drop(): Promise<void>;
}

/** Makes a database, with tables and demonstration data. */
export async function createConduitDatabase(postgresUrl: string): Promise<ConduitDatabase> {
  const database = await createTestDatabase(postgresUrl);
  const settings = { DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
  const { code, stderr } = await runMain(['--migrate', '--seed'], environment(settings));
  if (code !== 0) throw new Error(`the database could not be prepared: ${stderr}`);
  return {
    async start(more = {}, args = [], main = undefined) {
      const service = await spawnService(environment({ ...settings, ...more }), args, main);
      while (!(await isReady(service))) if (service.child.exitCode !== null) throw ended(service);
      return service;
    },
    drop: () => database.drop(),
  };
}

/** Asks a process to end. @returns its exit code */
export function stop({ child, exited }: ServiceProcess): Promise<number | null> {
  child.kill('SIGTERM');
  return exited;
}

function ended({ child, log }: ServiceProcess): Error {
  return new Error(`the service ended with ${child.exitCode}: ${JSON.stringify(log().at(-1))}`);
}
