import { rmSync } from 'node:fs';
import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { count } from '../lib/count.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { synthesize } from '../lib/infra/synthesize.ts';
import { CDK_OUT, templateFiles } from '../lib/infra/templates.ts';
import { ROOT } from '../lib/repo.ts';

interface Options {
  checks: boolean;
  frozen?: true;
}

/** `npm run infra:synth`: CloudFormation templates of every cluster and account, without an AWS account. */
export function command(): Command {
  return new Command()
    .description(
      'Compiles cluster-infra/ into CloudFormation templates in cdk.out/, judges them and writes cluster-infra/inventory/. Needs no AWS account.',
    )
    .option('--no-checks', 'compile only: three times as fast')
    .option('--frozen', 'write no inventory, and exit with 1 when it is not what the templates say')
    .action(infraSynth);
}

async function infraSynth({ checks, frozen }: Options): Promise<void> {
  const elapsed = stopwatch();
  // A wrong config is said in its own words, not in those of a subprocess that failed.
  const { platform } = await loadConfig(ROOT);
  // Templates of a cluster that is no longer there would stay.
  rmSync(CDK_OUT, { recursive: true, force: true });
  const status = synthesize({ outdir: CDK_OUT, checks, inventory: frozen ? 'check' : 'write' });
  if (status !== 0) {
    process.exitCode = status === EXIT.found ? EXIT.found : EXIT.unable;
    return;
  }
  const stacks = (await templateFiles(CDK_OUT)).length;
  const judged = checks ? 'judged' : 'not judged';
  console.log(
    `${count(platform.clusters.length, 'cluster')} in cdk.out/: ${count(stacks, 'stack')}, ${judged}, in ${elapsed()}`,
  );
}
