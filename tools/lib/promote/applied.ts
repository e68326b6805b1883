// Whether what Flux spoke of on a commit is what the lines of that commit say.
import { clusterAddOns } from '../../../apps/add-ons/cluster-add-ons.ts';
import type { Config } from '../../../config/load.ts';
import { ringOfCluster } from '../../../config/per-ring.ts';
import { catFiles, namesAt } from '../diff/git.ts';
import type { Status } from './evidence.ts';
import type { Point } from './timeline.ts';

/**
 * Leaves out successes on commits whose `dist/` did not hold what their lines said: Flux applies `dist/`, so where somebody
 * moved a line and forgot to compile, it succeeded with something else. Failures stay, whatever they were of.
 *
 * @param root the repo's folder
 * @param points the branch; what was said on other commits is left out too
 */
export async function ofWhatWasApplied(
  root: string,
  config: Config,
  points: readonly Point[],
  statuses: readonly Status[],
): Promise<Status[]> {
  const lines = new Map(points.map((point) => [point.commit, point.lines]));
  const charts = chartsOf(config);
  const claims = statuses.flatMap((status) => {
    const { cluster, kustomization, commit } = status;
    const at = lines.get(commit);
    const ring = ringOfCluster(config.platform, cluster);
    if (at === undefined || ring === undefined) return [];
    const names = charts.get(`${cluster}/${kustomization}`);
    const of = at[names ? 'version' : 'image'].get(ring);
    const values = (names ?? [kustomization]).flatMap((name) => of?.get(name)?.value ?? []);
    const folder = `${commit}:dist/${cluster}`;
    const files = names
      ? [`${folder}/flux/sources.yaml`, `${folder}/platform/${kustomization}/${kustomization}.yaml`]
      : [`${folder}/apps/${kustomization}/${kustomization}.yaml`];
    return [{ status, values, files }];
  });
  const claimed = claims.filter(({ status }) => status.state === 'success').flatMap(({ files }) => files);
  const names = await namesAt(root, [...new Set(claimed)]);
  const texts = await catFiles(root, [...names.values()]);
  const words = new Map([...texts].map(([name, text]) => [name, wordsOf(text)]));
  return claims
    .filter(({ status, values, files }) => {
      if (status.state === 'failure') return true;
      const held = files.flatMap((file) => words.get(names.get(file) ?? '') ?? []);
      return values.every((value) => held.some((set) => set.has(value)));
    })
    .map(({ status }) => status);
}

/** The keys in `config/versions.yaml` of each add-on, by cluster and name. */
function chartsOf(config: Config): Map<string, readonly string[]> {
  return new Map(
    config.platform.clusters.flatMap((cluster) =>
      clusterAddOns(config, cluster).map(({ name, charts = [] }): [string, readonly string[]] => [
        `${cluster.name}/${name}`,
        charts,
      ]),
    ),
  );
}

/** What stands alone in a text: references and versions, with and without a "v" before them or a name and "@". */
function wordsOf(text: string): Set<string> {
  const words = text.match(/[^\s"']+/g) ?? [];
  return new Set(words.flatMap((word) => [word, word.replace(/^(?:[\w-]+@)?v/, '')]));
}
