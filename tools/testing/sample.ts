// The platform that tests stand on, compiled here or in a copy of the repo.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chartFiles } from '../../apps/main.ts';
import type { Config } from '../../config/load.ts';
import { readUp, sampleConfig, writeSampleConfig } from '../../config/testing/sample.ts';
import { copyRepo } from '../lib/copy-repo.ts';
import { ROOT } from '../lib/repo.ts';
import { type Compiled, compileFiles } from '../lib/synth/compile.ts';

/** The folder of its apps, from the repo's root. */
const APPS = 'apps/testing';

/** The sample platform and what it compiles to. */
export async function compileSample(): Promise<{ config: Config; compiled: Compiled }> {
  const config = sampleConfig();
  return { config, compiled: compileFiles(await chartFiles(config, APPS)) };
}

/**
 * Copies the repo as it stands in its working tree, with the sample platform in place of the user's own, and compiles it.
 *
 * @param to the folder to make
 */
export async function copySampleRepo(to: string): Promise<void> {
  await copyRepo(ROOT, to);
  await writeSampleConfig(to);
  await writeFile(join(to, 'apps/conduit.ts'), await readUp(join(ROOT, APPS), 'conduit.ts'));
  await promisify(execFile)(process.execPath, ['tools/slipway.mjs', 'synth'], { cwd: to });
}
