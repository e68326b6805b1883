import type { Manifest } from '../../dist/manifests.ts';
import { formatPath } from '../path.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, text } from '../read.ts';
import { walkStrings } from '../walk-strings.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const EXACT_VERSION = /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

export const pinnedImages: Policy = {
  name: 'pinned-images',
  reason: 'What was tested is what runs: a name that moves brings code that no commit did.',
  check: inClusters((cluster) => [
    ...cluster.workloads.flatMap(({ manifest, containers }) =>
      containers.flatMap(({ fields: { image }, path }): Breach[] => {
        const wrong = typeof image === 'string' ? moves(image) : 'is missing';
        return wrong ? [{ at: manifest, path: `${path}.image`, wrong, fix: FIX }] : [];
      }),
    ),
    ...cluster.ofKind('helm.toolkit.fluxcd.io/HelmRelease').flatMap(judgeRelease),
    ...cluster.ofKind('source.toolkit.fluxcd.io/OCIRepository').flatMap(judgeArtifact),
  ]),
};

const FIX = 'name an exact tag or a digest';

/** What lets an image change under its name, if something does. */
function moves(image: string): string | undefined {
  const [name = '', digest] = image.split('@');
  if (digest !== undefined) {
    return DIGEST.test(digest) ? undefined : 'has a digest that is not "sha256:" and 64 hex digits';
  }
  const tag = name.slice(name.lastIndexOf('/') + 1).split(':')[1];
  if (tag === undefined || tag === '') return `is ${JSON.stringify(image)}, without a tag`;
  return tag === 'latest' ? `is ${JSON.stringify(image)}, which moves` : undefined;
}

/** A Helm chart at an exact version, and no image in its values that moves. */
function judgeRelease(manifest: Manifest): Breach[] {
  const breaches: Breach[] = [];
  const { chart, values } = fields(manifest.object.spec);
  if (chart !== undefined) {
    const version = text(at(chart, 'spec', 'version'));
    if (version === undefined || !EXACT_VERSION.test(version)) {
      const wrong =
        version === undefined ? 'is missing, which means the newest' : `is ${JSON.stringify(version)}`;
      breaches.push({ at: manifest, path: 'spec.chart.spec.version', wrong, fix: 'name one version' });
    }
  }
  walkStrings(
    values,
    (value, path, isKey) => {
      const last = path.at(-1);
      const wrong =
        last === 'tag' && value === 'latest'
          ? 'is "latest", which moves'
          : last === 'image' && value.endsWith(':latest')
            ? moves(value)
            : undefined;
      if (wrong && !isKey) breaches.push({ at: manifest, path: formatPath(path), wrong, fix: FIX });
    },
    ['spec', 'values'],
  );
  return breaches;
}

function judgeArtifact(manifest: Manifest): Breach[] {
  const { tag, digest, semver } = fields(at(manifest.object.spec, 'ref'));
  if (digest !== undefined) return [];
  const wrong =
    semver !== undefined
      ? `follows the range ${JSON.stringify(semver)}`
      : tag === undefined
        ? 'is missing, which means the tag latest'
        : tag === 'latest'
          ? 'is the tag "latest", which moves'
          : undefined;
  return wrong ? [{ at: manifest, path: 'spec.ref', wrong, fix: FIX }] : [];
}
