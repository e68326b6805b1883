import { Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../lib/exit.ts';
import { kubectlOf } from '../lib/kubectl.ts';
import { rotate } from '../lib/mesh-anchor/rotate.ts';

interface Options {
  context: string;
  force?: boolean;
  dryRun?: boolean;
  patience: number;
}

/** `npm run mesh:rotate-anchor`: exchanges what the identities of a cluster's mesh stand on, step by step. */
export function command(): Command {
  return new Command()
    .description(
      "Exchanges the trust anchor of a cluster's mesh, in steps that keep every pod trusted. Can be stopped at any point and run again: it goes on where the cluster is. Takes a day in all; a run says when the next is due. docs/runbooks/rotate-the-trust-anchor.md",
    )
    .requiredOption('--context <name>', 'the context of your kubeconfig that names the cluster')
    .option('--force', 'begin though the anchor is good for more than a year')
    .option('--dry-run', 'say what would be done next, and change nothing')
    .option(
      '--patience <minutes>',
      'how long to wait for one thing, such as pods that start anew',
      minutes,
      15,
    )
    .action(rotateAnchor);
}

async function rotateAnchor({ context, force = false, dryRun = false, patience }: Options): Promise<void> {
  const started = performance.now();
  const ending = await rotate({
    kubectl: kubectlOf(context),
    force,
    dryRun,
    patienceMs: patience * 60_000,
    everyMs: 3000,
    tell: (says) => console.log(`${context}: ${says}`),
  });
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  if (ending.is === 'later')
    console.log(`not done yet: run this again after ${ending.at.toISOString()}; ${seconds}`);
  else if (ending.is === 'stuck' && dryRun) console.log(`nothing was changed; ${seconds}`);
  else if (ending.is === 'stuck') console.log(`not done yet: run this again; ${seconds}`);
  else console.log(`done; ${seconds}`);
  process.exitCode = ending.is === 'done' ? EXIT.ok : EXIT.found;
}

function minutes(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1) return number;
  throw new InvalidArgumentError('It is a whole number of minutes.');
}
