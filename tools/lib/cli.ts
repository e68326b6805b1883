import { type Command, CommanderError } from 'commander';
import { ConfigError } from '../../config/errors.ts';
import { EXIT } from './exit.ts';
import { UserError } from './user-error.ts';

/** The commands by name; each module is loaded only when it is asked for, which keeps the others' start fast. */
const COMMANDS: Record<string, () => Promise<{ command: () => Command }>> = {
  start: () => import('../commands/start.ts'),
  synth: () => import('../commands/synth.ts'),
  check: () => import('../commands/check.ts'),
  diff: () => import('../commands/diff.ts'),
  routes: () => import('../commands/routes.ts'),
  'chart:keys': () => import('../commands/chart-keys.ts'),
  promote: () => import('../commands/promote.ts'),
  rollback: () => import('../commands/rollback.ts'),
  unpin: () => import('../commands/unpin.ts'),
  plan: () => import('../commands/plan.ts'),
  'mesh:rotate-anchor': () => import('../commands/mesh-rotate-anchor.ts'),
  'infra:synth': () => import('../commands/infra-synth.ts'),
  'infra:cost': () => import('../commands/infra-cost.ts'),
  'infra:diff': () => import('../commands/infra-diff.ts'),
  'infra:doctor': () => import('../commands/infra-doctor.ts'),
  'infra:deploy': () => import('../commands/infra-deploy.ts'),
  'infra:destroy': () => import('../commands/infra-destroy.ts'),
  bench: () => import('../commands/bench.ts'),
  reliability: () => import('../commands/reliability.ts'),
  rehearse: () => import('../commands/rehearse.ts'),
  e2e: () => import('../commands/e2e.ts'),
  doctor: () => import('../commands/doctor.ts'),
  test: () => import('../commands/test.ts'),
};

/** Commands that npm runs without the word "run". */
const NPM_VERBS: ReadonlySet<string> = new Set(['start', 'test']);

/**
 * Runs one command to its end.
 *
 * @param name the command, as in `npm run <name>`
 * @param args its options, as typed
 * @returns the exit code: one of {@link EXIT}
 */
export async function run(name: string | undefined, args: string[]): Promise<number> {
  const load = name === undefined ? undefined : COMMANDS[name];
  if (name === undefined || load === undefined) {
    console.error(
      `unknown command ${JSON.stringify(name ?? '')}; there are: ${Object.keys(COMMANDS).join(', ')}`,
    );
    return EXIT.unable;
  }
  try {
    const script = NPM_VERBS.has(name) ? name : `run ${name}`;
    const command = (await load()).command().name(`npm ${script} --`).exitOverride();
    await command.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return report(error);
  }
}

/**
 * Says an error in the user's words; only an error that nobody expected shows its stack, and with `SLIPWAY_VERBOSE` set,
 * one that code of the user's has thrown.
 */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.unable;
  if (error instanceof ConfigError || error instanceof UserError) {
    console.error(error.message);
    if (process.env.SLIPWAY_VERBOSE && error.cause !== undefined) console.error(error.cause);
  } else console.error(error);
  return EXIT.unable;
}
