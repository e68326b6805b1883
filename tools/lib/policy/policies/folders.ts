import type { Cluster } from '../cluster.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { mend } from '../suggest.ts';

export const folders: Policy = {
  name: 'folders',
  reason:
    'A folder that nobody applies never arrives, and what two apply, one of them prunes when the other lets go.',
  check: inClusters((cluster) => {
    const present = new Set(
      cluster.manifests.map(({ file }) => `dist/${file.slice(0, file.lastIndexOf('/'))}`),
    );
    return [...judgeFolders(cluster, present), ...judgePaths(cluster, present)];
  }),
};

function judgeFolders(cluster: Cluster, present: ReadonlySet<string>): Breach[] {
  return [...present].flatMap((folder): Breach[] => {
    const names = cluster.kustomizations
      .appliedBy(folder)
      .map(({ manifest }) => `the Kustomization ${manifest.object.metadata?.name}`)
      .sort();
    if (`${folder}/`.startsWith(`dist/${cluster.name}/flux/`)) names.unshift('the root sync');
    if (names.length === 1) return [];
    return names.length === 0
      ? [{ at: folder, wrong: 'no Kustomization applies it', fix: 'add one' }]
      : [{ at: folder, wrong: `${names.join(' and ')} apply it`, fix: 'leave it to one' }];
  });
}

function judgePaths(cluster: Cluster, present: ReadonlySet<string>): Breach[] {
  const holding = new Set<string>(['']);
  for (const folder of present) {
    for (let path = folder; path.includes('/'); path = path.slice(0, path.lastIndexOf('/')))
      holding.add(path);
  }
  return cluster.kustomizations.all.flatMap(({ manifest, folder }): Breach[] => {
    if (folder === undefined || holding.has(folder)) return [];
    const wrong = `"./${folder}" holds nothing of this cluster`;
    const fix = mend(
      `./${folder}`,
      [...present].map((path) => `./${path}`),
      'let it apply a folder that does',
    );
    return [{ at: manifest, path: 'spec.path', wrong, fix }];
  });
}
