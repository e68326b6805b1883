import type { Config } from '../../../config/load.ts';
import type { Manifest } from '../dist/manifests.ts';
import { setterComment } from '../yaml/write.ts';
import type { Finding } from './finding.ts';

/**
 * Each image that automation moves carries its marker in `dist/` as it does in `apps/images.yaml`, and each policy
 * that a marker names exists; so one commit of Flux's changes both, and a compile after it changes nothing.
 *
 * @param config the checked config
 * @param files the compiled files
 * @param manifests the objects in them
 */
export function checkMarkers(
  { platform, images }: Config,
  files: ReadonlyMap<string, string>,
  manifests: readonly Manifest[],
): Finding[] {
  const policies = new Set(
    manifests
      .filter(({ object }) => object.kind === 'ImagePolicy')
      .map(({ object }) => `${object.metadata?.namespace}:${object.metadata?.name}`),
  );
  const findings: Finding[] = [];
  for (const cluster of platform.clusters) {
    for (const app of cluster.apps) {
      const image = images[cluster.ring]?.[app];
      if (image?.policy === undefined) continue;
      if (!policies.has(image.policy)) {
        findings.push({
          where: `apps/images.yaml: ${cluster.ring}.${app}`,
          says: `no cluster has the image policy ${image.policy}`,
        });
      }
      const marked = `image: ${image.reference} # ${setterComment(image.policy)}`;
      const folder = `${cluster.name}/apps/${app}/`;
      const lines = linesUnder(files, folder).filter(({ line }) =>
        line.includes(`image: ${image.reference}`),
      );
      if (lines.length === 0) {
        findings.push({ where: `dist/${folder}`, says: `nothing runs ${image.reference}` });
      }
      for (const { where, line } of lines) {
        if (!line.endsWith(marked)) findings.push({ where, says: `wants the line to end with: ${marked}` });
      }
    }
  }
  return findings;
}

function linesUnder(files: ReadonlyMap<string, string>, folder: string): { where: string; line: string }[] {
  return [...files]
    .filter(([path]) => path.startsWith(folder))
    .flatMap(([path, text]) =>
      text.split('\n').map((line, index) => ({ where: `dist/${path}:${index + 1}`, line })),
    );
}
