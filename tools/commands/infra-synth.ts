import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { ROOT } from '../lib/repo.ts';

/** `npm run infra:synth`: CloudFormation templates of every cluster, without an AWS account. */
export function command(): Command {
  return new Command()
    .description('Compiles cluster-infra/ into CloudFormation templates in cdk.out/. Needs no AWS account.')
    .action(infraSynth);
}

async function infraSynth(): Promise<void> {
  // A wrong config is said in its own words, not in those of a subprocess that failed.
  const { platform } = await loadConfig(ROOT);
  const cdk = join(ROOT, 'node_modules/.bin/cdk');
  // Without '**' the CLI selects no stack of a stage, and says that all is well.
  const { status } = spawnSync(cdk, ['synth', '**', '--quiet'], { cwd: ROOT, stdio: 'inherit' });
  if (status === 0) console.log(`${platform.clusters.length} clusters in cdk.out/`);
  process.exitCode = status ?? 2;
}
