import type { Config } from '../../../config/load.ts';
import { policyFindings } from '../policy/policy-findings.ts';
import { validateManifests } from '../schema/validate-manifests.ts';
import type { Compiled } from '../synth/compile.ts';
import type { Finding } from './finding.ts';

/**
 * Judges a compile before anything of it is written: every object fits its kind's closed schema, and all of them
 * together keep the policies.
 *
 * @param config the checked config
 * @param compiled what it compiles to
 * @returns what is wrong, or nothing
 */
export function judge(config: Config, compiled: Compiled): Finding[] {
  const misfits = validateManifests(compiled.manifests);
  // An object that is not even of its kind would break policies in ways that only confuse.
  return misfits.length > 0 ? misfits : policyFindings(config, compiled);
}

/** A finding as a line for a person. */
export function line({ where, says }: Finding): string {
  return `${where}: ${says}`;
}
