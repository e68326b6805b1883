import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { count } from '../lib/count.ts';
import { examine } from '../lib/doctor/examine.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { awsOf } from '../lib/infra/aws/aws.ts';
import { findCluster } from '../lib/infra/clusters.ts';
import { examineAccount } from '../lib/infra/doctor/examine-account.ts';
import type { Finding } from '../lib/infra/doctor/finding.ts';
import { findingLines } from '../lib/infra/doctor/text.ts';
import { withAssembly } from '../lib/infra/prepare.ts';
import { ROOT } from '../lib/repo.ts';

/** `npm run infra:doctor`: whether a cluster could be deployed from here, and what is missing. */
export function command(): Command {
  return new Command()
    .description(
      'Asks AWS, with your credentials, whatever a deployment would fail by: account, region, quotas, versions, roles, secrets. Changes nothing; exits with 1 when something is missing.',
    )
    .argument('[cluster]', 'the cluster (default: the first)')
    .option('--json', 'print it as JSON')
    .action(infraDoctor);
}

async function infraDoctor(name: string | undefined, { json }: { json?: true }): Promise<void> {
  const elapsed = stopwatch();
  const { platform } = await loadConfig(ROOT);
  const cluster = findCluster(platform, name ?? platform.clusters[0]?.name ?? '');
  const tools = await programs();
  const account = await withAssembly(platform, cluster, false, ({ stacks, accountStacks }) =>
    examineAccount({ aws: awsOf(), platform, cluster, stacks: [...accountStacks, ...stacks] }),
  );
  const all = [...tools, ...account];
  if (json) console.log(JSON.stringify(all, null, 2));
  else for (const finding of all) for (const line of findingLines(finding)) console.log(line);
  const missing = all.filter(({ isVital }) => isVital);
  const looks = all.filter(({ remedy, isVital }) => remedy !== undefined && !isVital);
  console.error(
    `${cluster.name}: ${count(missing.length, 'thing')} missing, ${looks.length} to look at, ${all.length - missing.length - looks.length} well, in ${elapsed()}`,
  );
  process.exitCode = missing.length > 0 ? EXIT.found : EXIT.ok;
}

/** Whether one of these is missed by each deployment, or only by some. */
const PROGRAMS: Readonly<Record<string, boolean>> = {
  aws: true,
  kubectl: true,
  'session-manager-plugin': false,
};

/** What of this machine is used to speak to AWS and to a cluster. */
async function programs(): Promise<Finding[]> {
  const found = await examine(ROOT, process.env);
  return found
    .filter(({ name }) => name in PROGRAMS)
    .map(({ name, purpose, found: version, remedy }) =>
      version === undefined
        ? {
            what: name,
            says: `not on this machine, for ${purpose}`,
            remedy,
            isVital: PROGRAMS[name] ?? false,
          }
        : { what: name, says: version },
    );
}
