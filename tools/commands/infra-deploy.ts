import { resolveNs } from 'node:dns/promises';
import { Command } from 'commander';
import { infrastructure } from '../../config/infrastructure.ts';
import { loadConfig } from '../../config/load.ts';
import { ringDomain } from '../../config/per-ring.ts';
import type { Cluster, Platform } from '../../config/schema.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { ask } from '../lib/infra/ask.ts';
import { awsOf } from '../lib/infra/aws/aws.ts';
import { patient } from '../lib/infra/aws/patient.ts';
import { CLOCK } from '../lib/infra/clock.ts';
import { findCluster } from '../lib/infra/clusters.ts';
import { runCdk } from '../lib/infra/deploy/cdk.ts';
import { accountSteps, clusterSteps, type DeployProps, deploy } from '../lib/infra/deploy/deploy.ts';
import { liveTemplates } from '../lib/infra/diff/live-templates.ts';
import { diffReport } from '../lib/infra/diff/report.ts';
import { diffSum, diffText } from '../lib/infra/diff/text.ts';
import { examineAccount } from '../lib/infra/doctor/examine-account.ts';
import { findingLines } from '../lib/infra/doctor/text.ts';
import { type Assembly, withAssembly } from '../lib/infra/prepare.ts';
import { ROOT } from '../lib/repo.ts';
import { UserError } from '../lib/user-error.ts';

interface Options {
  yes?: true;
  dryRun?: true;
}

/** `npm run infra:deploy`: the one command between an account and a running platform. */
export function command(): Command {
  return new Command()
    .description(
      'Makes a cluster in AWS, or brings it to what the config says: checks first, then the account, then the cluster, stack by stack. Takes about an hour from nothing; stopped at any point, run it again and it goes on.',
    )
    .argument('<cluster>', 'its name in config/clusters.ts')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say the steps, and whether each has anything to do; change nothing')
    .action(infraDeploy);
}

async function infraDeploy(name: string, { yes, dryRun }: Options): Promise<void> {
  const elapsed = stopwatch();
  const { platform } = await loadConfig(ROOT);
  const cluster = findCluster(platform, name);
  await withAssembly(platform, cluster, !dryRun, async (assembly) => {
    const props = propsOf(platform, cluster, assembly);
    const fits = await isFit(platform, cluster, assembly, props);
    if (dryRun) return say(props, fits);
    if (!fits) return;
    if (
      !yes &&
      !/^y(es)?$/i.test(
        await ask(
          `Deploy ${name} to account ${cluster.account}, and prepare its regions for the CDK where they are not? [y/N] `,
          '--yes',
        ),
      )
    ) {
      console.log(`nothing was begun; ${elapsed()}`);
      return;
    }
    const ending = await deploy(props);
    if (ending.is === 'done') {
      console.log(
        `${name} is as the config says: ${ending.acted.length} steps, in ${elapsed()}. Flux brings up what dist/${name}/ says: \`kubectl -n flux-system get kustomizations --watch\`${reach(platform, cluster)}`,
      );
      return;
    }
    for (const line of ending.left) console.error(line);
    console.error(`stopped at: ${ending.at}; in ${elapsed()}\ndo: ${ending.remedy}`);
    process.exitCode = EXIT.found;
  });
}

function propsOf(platform: Platform, cluster: Cluster, assembly: Assembly): DeployProps {
  const { accountStacks, stacks, templates, folder } = assembly;
  return {
    aws: patient(awsOf(), CLOCK),
    cdk: runCdk,
    clock: CLOCK,
    tell: (says) => console.log(says),
    // A name that nobody knows has no servers.
    nameServers: (domain) => resolveNs(domain).catch(() => []),
    cluster: cluster.name,
    domain: ringDomain(platform, cluster.ring),
    accountStacks,
    stacks,
    templates,
    assembly: folder,
  };
}

/** Whether nothing is in the way; says what is. */
async function isFit(
  platform: Platform,
  cluster: Cluster,
  { accountStacks, stacks, templates }: Assembly,
  { aws }: DeployProps,
): Promise<boolean> {
  const own = [...accountStacks, ...stacks];
  const findings = await examineAccount({ aws, platform, cluster, stacks: own });
  const missing = findings.filter(({ isVital }) => isVital);
  const telling = findings.filter(({ remedy }) => remedy !== undefined);
  for (const finding of telling) for (const line of findingLines(finding)) console.error(line);
  process.exitCode = missing.length > 0 ? EXIT.found : EXIT.ok;
  if (missing.length > 0) {
    console.error(
      `nothing was begun: ${missing.length} missing; \`npm run infra:doctor -- ${cluster.name}\` says all`,
    );
    return false;
  }
  const after = new Map(own.map(({ name }) => [name, templates.get(name) ?? {}]));
  const report = diffReport(platform, await liveTemplates(aws, platform, [...after.keys()]), after);
  const text = diffText({ ...report, changes: report.changes.filter(({ fate }) => fate !== 'appears') });
  if (text !== '') console.log(text);
  console.log(diffSum(report));
  if (report.blocked.length === 0) return true;
  throw new UserError(
    "nothing was begun: it would take production's data. A new database or cluster is a new record in config/clusters.ts, beside the old one: docs/aws.md",
  );
}

/** @param looks whether AWS can be asked what of it is done */
async function say(props: DeployProps, looks: boolean): Promise<void> {
  const steps = [...accountSteps(props), ...clusterSteps(props)];
  if (!looks) {
    for (const { title } of steps) console.log(title);
    console.log(`${steps.length} steps; nothing was changed`);
    return;
  }
  let todo = 0;
  for (const { title, left } of steps) {
    const lines = await left();
    if (lines.length > 0) todo += 1;
    console.log(
      `${lines.length > 0 ? 'to do' : 'done '}  ${title}${lines.length > 0 ? `: ${lines.join(', ')}` : ''}`,
    );
  }
  console.log(`${todo} of ${steps.length} steps to do; nothing was changed`);
}

function reach(platform: Platform, cluster: Cluster): string {
  const { publicApiCidrs } = infrastructure(platform, cluster);
  return publicApiCidrs.length === 0
    ? ', through a node: see "Reaching the Kubernetes API" in docs/aws.md'
    : '';
}
