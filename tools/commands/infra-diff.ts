import { Command, Option } from 'commander';
import { loadConfig } from '../../config/load.ts';
import type { Cluster, Platform } from '../../config/schema.ts';
import { resolveBase } from '../lib/diff/git.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { awsOf } from '../lib/infra/aws/aws.ts';
import { findCluster } from '../lib/infra/clusters.ts';
import { compiledTemplates, templatesAt } from '../lib/infra/diff/base-templates.ts';
import { liveTemplates } from '../lib/infra/diff/live-templates.ts';
import { diffReport } from '../lib/infra/diff/report.ts';
import { diffMarkdown, diffSum, diffText } from '../lib/infra/diff/text.ts';
import { ownerOf } from '../lib/infra/stacks.ts';
import type { Template } from '../lib/infra/templates.ts';
import { ROOT } from '../lib/repo.ts';

interface Options {
  base?: string;
  live?: true;
  markdown?: true;
}

/** `npm run infra:diff`: what a deployment of this change does in AWS, and what it would lose. */
export function command(): Command {
  return new Command()
    .description(
      "Says which resources of AWS appear, change, go or are replaced, and what is lost with them; exits with 1 where that is production's data. Needs no AWS account, unless --live asks for it.",
    )
    .argument('[cluster]', 'only its stacks, and those of its account (default: all)')
    .addOption(
      new Option(
        '--base <ref>',
        'a branch, tag or commit to compare with (default: where HEAD left origin/main, or main)',
      ).conflicts('live'),
    )
    .option('--live', 'compare with what is deployed; needs credentials for the account of the cluster')
    .option('--markdown', 'for a comment on a pull request')
    .action(infraDiff);
}

async function infraDiff(name: string | undefined, { base, live, markdown }: Options): Promise<void> {
  const elapsed = stopwatch();
  const { platform } = await loadConfig(ROOT);
  const cluster = name === undefined ? undefined : findCluster(platform, name);
  const after = wanted(await compiledTemplates(ROOT), platform, cluster);
  const before = live
    ? await liveTemplates(awsOf(), platform, [...after.keys()])
    : wanted(await templatesAt(ROOT, (await resolveBase(ROOT, base)).commit), platform, cluster);
  const report = diffReport(platform, before, after);
  if (markdown) process.stdout.write(diffMarkdown(report));
  else {
    const text = diffText(report);
    if (text !== '') console.log(`${text}\n`);
    console.log(`${diffSum(report)}; in ${elapsed()}`);
  }
  process.exitCode = report.blocked.length > 0 ? EXIT.found : EXIT.ok;
}

/** Of templates, those that a cluster stands on. */
function wanted(
  templates: ReadonlyMap<string, Template>,
  { clusters }: Platform,
  cluster: Cluster | undefined,
): Map<string, Template> {
  const names = clusters.map(({ name }) => name);
  return new Map(
    [...templates].filter(
      ([stack]) =>
        cluster === undefined ||
        ownerOf(stack, names) === cluster.name ||
        stack.startsWith(`account-${cluster.account}-`),
    ),
  );
}
