import { Command } from 'commander';
import { wholeNumber } from '../lib/options.ts';
import { ROOT } from '../lib/repo.ts';
import { type StartOptions, start } from '../local/start.ts';

const port = wholeNumber(1, 65_535);

/** `npm start`: everything that runs on one machine. */
export function command(): Command {
  return new Command()
    .description(
      'Compiles and checks the platform, then runs the service on an embedded PostgreSQL, and the console beside it.\nWith DATABASE_URL set, that database is used instead.',
    )
    .option('--port <number>', 'the port of the service; where it is taken, the next free one', port, 3000)
    .option('--console-port <number>', 'the port of the console; likewise', port, 3001)
    .option('--fresh', 'begin with an empty embedded database: what earlier starts kept is lost')
    .option('--once', 'rehearse one release and end: exits with 1 when anything is not as it should be')
    .action(async (options: Omit<StartOptions, 'fresh' | 'once'> & Partial<StartOptions>) => {
      process.exitCode = await start(ROOT, { fresh: false, once: false, ...options });
    });
}
