import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster, Platform } from '../../../config/schema.ts';
import { UserError } from '../user-error.ts';
import { readStacks, type Stack, stacksOfAccount, stacksOfCluster } from './stacks.ts';
import { synthesize } from './synthesize.ts';
import { readTemplates, type Template } from './templates.ts';

/** The compiled CDK app, as far as it is one cluster's. */
export interface Assembly {
  /** Where it was compiled to. */
  folder: string;
  accountStacks: Stack[];
  stacks: Stack[];
  /** By the name of the stack. */
  templates: ReadonlyMap<string, Template>;
}

/**
 * Compiles the CDK app, and gives it to who needs it; afterwards it is gone.
 *
 * @param checks whether it is judged, which takes some seconds
 * @throws UserError when it does not compile, or something was found
 */
export async function withAssembly<T>(
  { clusters }: Platform,
  { name, account }: Cluster,
  checks: boolean,
  use: (assembly: Assembly) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-assembly-'));
  try {
    if (synthesize({ outdir: folder, checks }) !== 0)
      throw new UserError('nothing was begun: cluster-infra/ does not pass `npm run infra:synth`');
    const all = await readStacks(folder);
    return await use({
      folder,
      accountStacks: stacksOfAccount(all, account),
      stacks: stacksOfCluster(
        all,
        name,
        clusters.map((cluster) => cluster.name),
      ),
      templates: await readTemplates(folder),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
