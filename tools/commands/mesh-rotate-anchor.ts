import { Command } from 'commander';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { kubectlOf } from '../lib/kubectl.ts';
import { rotate } from '../lib/mesh-anchor/rotate.ts';
import { wholeNumber } from '../lib/options.ts';

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
      wholeNumber(),
      15,
    )
    .action(rotateAnchor);
}

async function rotateAnchor({ context, force = false, dryRun = false, patience }: Options): Promise<void> {
  const elapsed = stopwatch();
  const ending = await rotate({
    kubectl: kubectlOf(context),
    force,
    dryRun,
    patienceMs: patience * 60_000,
    everyMs: 3000,
    tell: (says) => console.log(`${context}: ${says}`),
  });
  if (ending.is === 'later')
    console.log(`not done yet: run this again after ${ending.at.toISOString()}, in ${elapsed()}`);
  else if (ending.is === 'stuck' && dryRun) console.log(`nothing was changed, in ${elapsed()}`);
  else if (ending.is === 'stuck') console.log(`not done yet: run this again, in ${elapsed()}`);
  else console.log(`done, in ${elapsed()}`);
  process.exitCode = ending.is === 'done' ? EXIT.ok : EXIT.found;
}
