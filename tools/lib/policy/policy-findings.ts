import type { PolicyName } from '../../../charts/policy-exception.ts';
import type { Config } from '../../../config/load.ts';
import type { Finding } from '../check/finding.ts';
import { identity, type Manifest } from '../dist/manifests.ts';
import type { Compiled } from '../synth/compile.ts';
import { clusters } from './cluster.ts';
import type { Breach, Policy } from './policy.ts';
import { POLICIES } from './table.ts';

/**
 * Where a compile breaks a policy, and which exceptions it no longer needs. Reads nothing and writes nothing.
 *
 * @param config the checked config
 * @param compiled what it compiles to
 * @param policies which policies to hold it to @default all
 */
export function policyFindings(
  config: Config,
  { files, manifests }: Pick<Compiled, 'files' | 'manifests'>,
  policies: readonly Policy[] = POLICIES,
): Finding[] {
  const context = { config, files, manifests, clusters: clusters(manifests) };
  return policies.flatMap((policy) => findings(policy, policy.check(context), manifests)).sort(byPlace);
}

function findings({ name }: Policy, breaches: readonly Breach[], manifests: readonly Manifest[]): Finding[] {
  const used = new Set<Manifest>();
  const found: Finding[] = [];
  for (const breach of breaches) {
    if (typeof breach.at !== 'string' && exceptions(breach.at, name).length > 0) used.add(breach.at);
    else found.push(finding(name, breach));
  }
  for (const manifest of manifests) {
    if (manifest.exceptions === undefined || used.has(manifest)) continue;
    for (const { reason } of exceptions(manifest, name)) {
      const wrong = `has an exception ("${reason}") and keeps the policy`;
      found.push(finding(name, { at: manifest, wrong, fix: 'delete the exception' }));
    }
  }
  return found;
}

function exceptions(manifest: Manifest, policy: PolicyName) {
  return (manifest.exceptions ?? []).filter((exception) => exception.policy === policy);
}

function finding(policy: PolicyName, { at, path, wrong, fix }: Breach): Finding {
  const says = `${path ? `${path}: ` : ''}${wrong}; ${fix} [${policy}]`;
  if (typeof at === 'string') return { where: at, says };
  const construct = at.construct ? ` (${at.construct})` : '';
  return { where: `dist/${at.file}`, says: `${identity(at.object)}${construct}: ${says}` };
}

function byPlace(a: Finding, b: Finding): number {
  return compare(a.where, b.where) || compare(a.says, b.says);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
