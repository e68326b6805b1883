import type { PolicyName } from '../../../charts/policy-exception.ts';
import type { Config } from '../../../config/load.ts';
import type { Manifest } from '../dist/manifests.ts';
import type { Cluster } from './cluster.ts';

/** What holds for every compile. It judges; it changes nothing. */
export interface Policy {
  name: PolicyName;
  /** Why it holds, in one sentence: it stands in `docs/policies.md`. */
  reason: string;
  /** What breaks it. The order doesn't matter. */
  check(context: PolicyContext): Breach[];
}

/** What the policies judge, grouped and indexed once for all of them. */
export interface PolicyContext {
  config: Config;
  /** Path in `dist/` to the text of the file. */
  files: ReadonlyMap<string, string>;
  manifests: readonly Manifest[];
  clusters: readonly Cluster[];
}

/** One thing that breaks a policy. */
export interface Breach {
  /** The object, which alone can be excepted; or a place, from the repo's root: `dist/dev-eu-west-1/apps/shop`. */
  at: Manifest | string;
  /** Where in the object: `spec.template.spec.hostNetwork`. @default the object as a whole */
  path?: string;
  /** What is wrong there. */
  wrong: string;
  /** What to do. */
  fix: string;
}

/** The breaches of every cluster. */
export function inClusters(check: (cluster: Cluster) => Breach[]): Policy['check'] {
  return ({ clusters }) => clusters.flatMap(check);
}
