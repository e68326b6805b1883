import { setterComment } from '../../yaml/write.ts';
import type { Breach, Policy, PolicyContext } from '../policy.ts';

export const setterMarkers: Policy = {
  name: 'setter-markers',
  reason:
    "One commit of Flux's sets an image in apps/images.yaml and in dist/, so that a compile after it changes nothing.",
  check({ config: { platform, images }, files, clusters }) {
    const policies = new Set(
      clusters
        .flatMap((cluster) => cluster.ofKind('image.toolkit.fluxcd.io/ImagePolicy'))
        .map(({ object }) => `${object.metadata?.namespace}:${object.metadata?.name}`),
    );
    const folders = filesByFolder(files);
    return platform.clusters.flatMap(({ name, ring, apps }) =>
      apps.flatMap((app): Breach[] => {
        const image = images[ring]?.[app];
        if (image?.policy === undefined) return [];
        const { policy, reference } = image;
        const missing = `no cluster has the ImagePolicy ${policy}, which the marker names`;
        return [
          ...(policies.has(policy)
            ? []
            : [
                {
                  at: `apps/images.yaml: ${ring}.${app}`,
                  wrong: missing,
                  fix: 'make it, or take the marker away',
                },
              ]),
          ...judgeLines(`${name}/apps/${app}`, reference, policy, folders),
        ];
      }),
    );
  },
};

type Folders = ReadonlyMap<string, readonly (readonly [path: string, text: string])[]>;

function filesByFolder(files: PolicyContext['files']): Folders {
  return Map.groupBy(files, ([path]) => path.split('/').slice(0, 3).join('/'));
}

/** Each line with the image ends with its marker, and there is one. */
function judgeLines(folder: string, reference: string, policy: string, folders: Folders): Breach[] {
  const image = `image: ${reference}`;
  const marked = `${image} # ${setterComment(policy)}`;
  const breaches: Breach[] = [];
  let lines = 0;
  for (const [path, text] of folders.get(folder) ?? []) {
    for (let start = text.indexOf(image); start >= 0; start = text.indexOf(image, start + image.length)) {
      const [line = ''] = text.slice(start, start + marked.length + 1).split('\n');
      // Only the beginning of a longer reference.
      if (line !== image && !line.startsWith(`${image} `)) continue;
      lines += 1;
      if (line === marked) continue;
      const number = text.slice(0, start).split('\n').length;
      breaches.push({
        at: `dist/${path}:${number}`,
        wrong: `the image has no marker for ${policy}`,
        fix: `let the line end with: ${marked}`,
      });
    }
  }
  if (lines > 0) return breaches;
  return [
    { at: `dist/${folder}/`, wrong: `nothing runs ${reference}`, fix: 'use the image that the app is given' },
  ];
}
