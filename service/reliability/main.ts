/** The command: `npm run reliability -- <scenario> [options]`. */
import { parseArgs } from 'node:util';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import { save } from './record.ts';
import type { Result } from './scenario.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

const EXIT = { passed: 0, problems: 1, unable: 2 } as const;

/** A mistake of whoever typed the command. */
class UsageError extends Error {}

const HELP = `Usage: npm run reliability -- <scenario> [options]

Shows what the service promises, with real processes: starts a PostgreSQL and the service, and lets clients at them.

${Object.entries(SCENARIOS).map(help).join('\n\n')}

  all
    each of these after the other

  --save    write what was measured into docs/reliability.md
  --json    print the results as JSON
  --help    show this

It ends with 0 when every promise was kept, with 1 when one was not, and with 2 when it could not run.`;

function help([name, { about, numbers }]: [string, Scenario]): string {
  const options = Object.entries(numbers).map(
    ([option, { about, fallback }]) => `    ${`--${option} <number>`.padEnd(24)}${about} (${fallback})`,
  );
  return [`  ${name}`, `    ${about}`, ...options].join('\n');
}

interface Order {
  readonly scenarios: readonly (readonly [name: string, scenario: Scenario])[];
  /** As typed; what is left out has its fallback. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly save: boolean;
  readonly json: boolean;
}

/** Reads the command line; undefined asks for help. */
function read(args: string[]): Order | undefined {
  const names = Object.keys(SCENARIOS);
  const numbers = Object.values(SCENARIOS).flatMap(({ numbers }) => Object.keys(numbers));
  const { values, positionals } = parse(args, numbers);
  if (values.help) return undefined;
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0 || (name !== 'all' && !(name in SCENARIOS))) {
    const found = positionals.length === 0 ? 'nothing' : JSON.stringify(positionals.join(' '));
    throw new UsageError(`scenario: found ${found}; allowed is one of ${names.join(', ')}, all`);
  }
  const scenarios = Object.entries(SCENARIOS).filter(([each]) => name === 'all' || each === name);
  const given = Object.entries(values).flatMap(([option, value]): [string, number][] => {
    if (typeof value !== 'string') return [];
    if (!scenarios.some(([, { numbers }]) => option in numbers))
      throw new UsageError(`--${option}: ${name} has no such option; see --help`);
    if (!/^[1-9]\d{0,8}$/.test(value))
      throw new UsageError(`--${option}: found ${JSON.stringify(value)}; allowed is a whole number from 1`);
    return [[option, Number(value)]];
  });
  return {
    scenarios,
    numbers: Object.fromEntries(given),
    save: values.save === true,
    json: values.json === true,
  };
}

function parse(args: string[], numbers: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    ...Object.fromEntries(numbers.map((name) => [name, { type: 'string' as const }])),
    save: flag,
    json: flag,
    help: flag,
  };
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Runs what was ordered. @returns the exit code */
async function run({ scenarios, numbers, save: toBeSaved, json }: Order): Promise<number> {
  const started = performance.now();
  // What still runs is then ended on the way out.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  const progress = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  };
  let server: Promise<PostgresServer> | undefined;
  const postgresUrl = async () => {
    server ??= startPostgresServer();
    return (await server).url;
  };
  const results: Record<string, Result> = {};
  try {
    for (const [name, scenario] of scenarios) {
      const fallbacks = Object.entries(scenario.numbers).map(([option, { fallback }]) => [option, fallback]);
      const wanted = { ...Object.fromEntries(fallbacks), ...numbers };
      const result = await scenario.run({
        postgresUrl,
        progress: (text) => progress(`${name}: ${text}`),
        ...wanted,
      });
      progress('');
      results[name] = result;
      if (!json) console.log(`${name}: ${result.measured}`);
      for (const problem of result.problems) console.error(`${name}: ${problem}`);
      if (toBeSaved && result.problems.length === 0) save(name, result.measured, new Date());
    }
  } finally {
    await (await server)?.stop();
  }
  if (json) console.log(JSON.stringify(results, null, 2));
  const broken = Object.values(results).filter(({ problems }) => problems.length > 0).length;
  const seconds = ((performance.now() - started) / 1_000).toFixed(2);
  console.error(`${scenarios.length} scenarios, ${broken} with problems, in ${seconds} s`);
  return broken === 0 ? EXIT.passed : EXIT.problems;
}

try {
  const order = read(process.argv.slice(2));
  if (order === undefined) console.log(HELP);
  else process.exitCode = await run(order);
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = EXIT.unable;
}
