/** The command: `node src/main.ts [--migrate] [--seed] [--help]`. */
import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { type Config, readConfig, VARIABLES, withoutSecrets } from './config.ts';
import { OperatorError } from './errors.ts';
import type { Service } from './server.ts';
import { TARGETS, type Target } from './target.ts';
import type { Telemetry } from './telemetry.ts';

// Only what knows neither express nor pg is imported above: telemetry has to be there first to see them.
enableCompileCache();

const HELP = `conduit: the RealWorld application on PostgreSQL

  node src/main.ts              serve pages, API and health until SIGTERM
  node src/main.ts --target=T   serve a part of it: ${TARGETS.join(', ')} (default: all)
  node src/main.ts --migrate    bring the database's tables up to date, then exit
  node src/main.ts --seed       put demonstration data in, then exit; refused when NODE_ENV is production
  node src/main.ts --help       show this

--migrate and --seed may be combined. It ends with 0 when all is well and with 2 when it could not run.
It is configured by environment variables: ${Object.keys(VARIABLES).join(', ')}.`;

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(HELP);
  else await run(readConfig(process.env, options.target), options);
} catch (error) {
  if (error instanceof OperatorError) console.error(error.message);
  else console.error(error);
  process.exit(2);
}

interface Options {
  readonly migrate: boolean;
  readonly seed: boolean;
  readonly help: boolean;
  readonly target: Target;
}

function readOptions(args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  let values: Omit<Options, 'target'> & { target: string };
  try {
    const target = { type: 'string', default: 'all' } as const;
    values = parseArgs({ args, options: { migrate: flag, seed: flag, help: flag, target } }).values;
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  }
  const target = TARGETS.find((name) => name === values.target);
  if (target === undefined) {
    throw new OperatorError(
      `--target: found ${JSON.stringify(values.target)}; allowed is one of ${TARGETS.join(', ')}`,
    );
  }
  return { ...values, target };
}

async function run(config: Config, options: Options): Promise<void> {
  if (options.migrate || options.seed) {
    const { runTasks } = await import('./tasks.ts');
    await runTasks(config, options);
    return;
  }
  const { createLog } = await import('./log.ts');
  const { endOnSignals } = await import('./shutdown.ts');

  const log = createLog(config.logLevel);
  const { version, target, drainSeconds } = config;
  log.info({ version, target, node: process.version, config: withoutSecrets(config) }, 'starting');
  let telemetry: Telemetry | undefined;
  const service = Promise.withResolvers<Service>();
  endOnSignals({ service: service.promise, drainSeconds, last: async () => telemetry?.stop(), log });

  if (config.otlpEndpoint !== undefined) {
    const { startTelemetry } = await import('./telemetry.ts');
    telemetry = await startTelemetry(config);
  }
  const { startService } = await import('./server.ts');
  const running = await startService(config, log, telemetry && [telemetry.metricReader]);
  service.resolve(running);
  const { port, managementPort } = running;
  log.info({ host: config.host, port, managementPort }, 'listening');
  // A parent that is gone can't be told; that we then end is seen to above.
  process.send?.({ type: 'listening', port, managementPort }, undefined, undefined, () => {});
}
