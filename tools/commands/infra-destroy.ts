import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { ringDomain, ringSizing } from '../../config/per-ring.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { reachCluster } from '../lib/infra/access.ts';
import { ask } from '../lib/infra/ask.ts';
import { awsOf } from '../lib/infra/aws/aws.ts';
import { patient } from '../lib/infra/aws/patient.ts';
import { CLOCK } from '../lib/infra/clock.ts';
import { findCluster } from '../lib/infra/clusters.ts';
import { type DestroyProps, destroy, plannedSteps } from '../lib/infra/destroy/destroy.ts';
import { mayLoseData, ofItsAccount } from '../lib/infra/destroy/permit.ts';
import { remains } from '../lib/infra/destroy/remains.ts';
import { withAssembly } from '../lib/infra/prepare.ts';
import { ROOT } from '../lib/repo.ts';
import { UserError } from '../lib/user-error.ts';

interface Options {
  withData?: true;
  confirm?: string;
  dryRun?: true;
}

/** `npm run infra:destroy`: takes a cluster away, and leaves nothing that costs money but what it names. */
export function command(): Command {
  return new Command()
    .description(
      "Takes a cluster out of AWS: what its controllers have made, then its stacks; at last it says what it left on purpose. Asks for the cluster's name. Takes about an hour; stopped at any point, run it again and it goes on.",
    )
    .argument('<cluster>', 'its name in config/clusters.ts')
    .option('--with-data', 'its database goes with it, whose deletion protection is lifted')
    .option('--confirm <cluster>', 'its name once more, where there is nobody to type it')
    .option('--dry-run', 'say the steps; ask AWS for nothing, and change nothing')
    .action(infraDestroy);
}

async function infraDestroy(name: string, { withData, confirm, dryRun }: Options): Promise<void> {
  const elapsed = stopwatch();
  const { platform } = await loadConfig(ROOT);
  const cluster = findCluster(platform, name);
  const { region } = cluster;
  const aws = patient(awsOf(), CLOCK);
  if (!dryRun) await ofItsAccount(aws, cluster);
  const keepsData = ringSizing(platform, cluster.ring) === 'highly-available';
  await withAssembly(platform, cluster, false, async ({ stacks, accountStacks }) => {
    const props: DestroyProps = {
      aws,
      clock: CLOCK,
      reach: (eks) => reachCluster(eks, { aws, cluster: name, region }),
      tell: (says) => console.log(says),
      cluster: name,
      region,
      domain: ringDomain(platform, cluster.ring),
      stacks,
      clusters: platform.clusters.map((other) => other.name),
    };
    if (dryRun) {
      const steps = plannedSteps(props, () => Promise.reject(new Error('nothing is asked')));
      for (const [index, { title }] of steps.entries()) console.log(`${index + 1}. ${title}`);
      if (!withData)
        console.log(
          'a database is let go by --with-data only: without it, nothing is begun while one is there',
        );
      console.log(`${steps.length} steps; nothing was changed`);
      return;
    }
    await mayLoseData(aws, cluster, withData ?? false, keepsData);
    const typed =
      confirm ??
      (await ask(
        `This deletes ${name} in account ${cluster.account}, with its volumes and its database.\nType its name to go on: `,
        `--confirm ${name}`,
      ));
    if (typed !== name) throw new UserError(`nothing was begun: found ${JSON.stringify(typed)}, not ${name}`);
    const ending = await destroy(props);
    if (ending.is === 'stuck') {
      for (const line of ending.left) console.error(line);
      console.error(`stopped at: ${ending.at}; in ${elapsed()}\ndo: ${ending.remedy}`);
      process.exitCode = EXIT.found;
      return;
    }
    const left = await remains({ aws, cluster: name, region, keepsData, accountStacks });
    for (const { what, away } of left) console.log(`left: ${what}\n      away by: ${away}`);
    console.log(
      `${name} is gone: ${ending.acted.length} steps, in ${elapsed()}; ${left.length} things are left on purpose. Take its record out of config/clusters.ts when it is not to come back`,
    );
  });
}
