import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { progress } from '../progress.ts';
import { ROOT } from '../repo.ts';

/** How templates are made. */
export interface SynthesizeOptions {
  /** The folder to write them to. */
  outdir: string;
  /** Whether they are judged, which takes three times as long. */
  checks: boolean;
  /** What is done with `cluster-infra/inventory/`. @default nothing */
  inventory?: 'write' | 'check';
  /** The repo whose app is run. @default this one */
  root?: string;
}

/**
 * Runs the CDK app on plain Node: the CDK's own CLI would take a second more to start, and tell less of what is wrong. What is
 * found is written to stderr, a line each.
 *
 * @returns how the app ended: 0, or 1 when something was found, or anything else when it could not run
 */
export function synthesize({ outdir, checks, inventory, root = ROOT }: SynthesizeOptions): number | null {
  const app = join(root, 'cluster-infra/main.ts');
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: String(checks) };
  const args = inventory === undefined ? [app] : [app, `--inventory=${inventory}`];
  progress(checks ? 'compiling and judging templates' : 'compiling templates');
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  progress('');
  return status;
}
