import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { ship } from '../lib/e2e/ship.ts';
import type { Target } from '../lib/e2e/snapshot.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { kubectlOf } from '../lib/kubectl.ts';
import { wholeNumber } from '../lib/options.ts';
import { UserError } from '../lib/user-error.ts';

interface Options {
  context: string;
  app: string;
  canary?: string;
  policy?: string;
  ring: string;
  good: string;
  bad: string;
  url?: string;
  minutes: number;
}

/** `npm run e2e`: a good and a bad release on a real cluster. */
export function command(): Command {
  return new Command()
    .description(
      'Ships a good and a bad image to a cluster that has Flux and Flagger, by the registry and image automation as always, and asserts that the first is promoted with no failed request, and the second rolled back. Needs kubectl.',
    )
    .requiredOption('--context <name>', 'the context of the kubeconfig that names the cluster')
    .requiredOption('--good <command>', 'what makes an image that works appear in the registry')
    .requiredOption('--bad <command>', 'what makes one appear that fails its requests')
    .option('--app <name>', 'the app that is released', 'conduit')
    .option('--ring <name>', 'the ring of the cluster, which names the ImagePolicy', 'dev')
    .option('--canary <name>', 'its Canary (default: of the same name)')
    .option('--policy <name>', 'its ImagePolicy (default: <app>-<ring>)')
    .option('--url <url>', 'what users ask for meanwhile; without it nobody asks')
    .option('--minutes <number>', 'how long a release may take', wholeNumber(), 30)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const elapsed = stopwatch();
  const { context, app, ring, canary = app, policy = `${app}-${ring}`, url } = options;
  const target: Target = { app, canary, policy };
  const kubectl = kubectlOf(context);
  let wrong = 0;
  for (const [name, expectation, text] of [
    ['a good image', 'promoted', options.good],
    ['a bad image', 'rolledBack', options.bad],
  ] as const) {
    console.log(`${name}: ${text}`);
    const outcome = await ship(kubectl, {
      target,
      push: () => shell(text),
      expectation,
      url,
      timeoutSeconds: options.minutes * 60,
      tell: (line) => console.log(`  ${line}`),
    });
    const { seen, weights } = outcome;
    const users = seen ? `, ${seen.failed} of ${seen.requests} requests failed` : '';
    console.log(
      outcome.wrong === undefined
        ? `  ${expectation === 'promoted' ? 'promoted' : 'rolled back'} after ${weights.join(', ')} %${users}`
        : `  not as it should be: ${outcome.wrong}${users}`,
    );
    if (outcome.wrong !== undefined) wrong += 1;
  }
  console.error(`2 releases, ${wrong} not as they should be, in ${elapsed()}`);
  process.exitCode = wrong === 0 ? EXIT.ok : EXIT.found;
}

/** Runs a command of the user's. @throws UserError when it fails */
async function shell(text: string): Promise<void> {
  const child = spawn(text, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) throw new UserError(`${text}: exited with ${code}`);
}
