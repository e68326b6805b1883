import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VERSIONS_FILE } from '../../../config/checks/versions.ts';
import type { Finding } from '../check/finding.ts';
import { type Base, catFiles, namesAt, resolveBase } from '../diff/git.ts';
import { readDists } from '../diff/read-dist.ts';
import { parseLines } from '../promote/timeline.ts';
import { UserError } from '../user-error.ts';
import { releaseSteps } from './release-steps.ts';

/** What came of a look at the steps. */
export interface CheckedSteps {
  /** What `dist/` was compared with. @default there is nothing to compare with */
  base?: Base;
  /** Why there is nothing to compare with, for a person. */
  skipped?: string;
  findings: Finding[];
}

/**
 * Whether `dist/`, as it stands in the working tree, may follow on what the main branch has in one commit.
 *
 * @param root the repo's folder
 * @param ref what to compare with @default where HEAD left `origin/main`, or `main`
 * @throws UserError when the given ref is no commit here
 */
export async function checkReleaseSteps(root: string, ref?: string): Promise<CheckedSteps> {
  const base = await resolveBase(root, ref).catch((error: unknown) => {
    // A fresh copy without history has nothing that a change could hurt; a ref that somebody named must be there.
    if (ref === undefined && error instanceof UserError) return error;
    throw error;
  });
  if (base instanceof UserError) return { skipped: base.message, findings: [] };
  const gone = await ringsGone(root, base.commit);
  return { base, findings: releaseSteps(await readDists(root, base.commit, []), gone) };
}

/** The rings at a commit that are not in the working tree: each must have its versions, so that file names them all. */
async function ringsGone(root: string, commit: string): Promise<string[]> {
  const names = await namesAt(root, [`${commit}:${VERSIONS_FILE}`]);
  const [before = ''] = (await catFiles(root, [...names.values()])).values();
  const now = await readFile(join(root, VERSIONS_FILE), 'utf8').catch(() => before);
  const rings = new Set(parseLines(now).keys());
  return [...parseLines(before).keys()].filter((ring) => !rings.has(ring));
}
