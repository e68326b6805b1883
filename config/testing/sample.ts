// The config that tests stand on, which stays as it is when a user changes the one of the repo.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IMAGES_FILE, parseImages } from '../checks/images.ts';
import { PLATFORM_FILE, parsePlatform } from '../checks/parse-platform.ts';
import { ADD_ONS, parseVersions, VERSIONS_FILE } from '../checks/versions.ts';
import { ConfigError } from '../errors.ts';
import type { Config } from '../load.ts';
import platformInput from './platform.ts';

/** Not a YAML file: Flux's image automation would move the images in it. */
const IMAGES = `# The image of each app, ring by ring. Flux moves it in dev and staging;
# in prod, a person does.

dev:
  conduit: ghcr.io/slipway/conduit:0.2.0-rc.3 # {"$imagepolicy": "flux-system:conduit-dev"}
staging:
  conduit: ghcr.io/slipway/conduit:0.1.0 # {"$imagepolicy": "flux-system:conduit-staging"}
prod:
  conduit: ghcr.io/slipway/conduit:0.1.0
`;

const RINGS = ['dev', 'staging', 'prod'];

/** The add-ons whose versions a test speaks of, first in each ring; all others follow, whatever they are. */
const VERSIONS: readonly string[] = [
  'flagger: 1.44.0 # renovate: datasource=docker depName=ghcr.io/fluxcd/charts/flagger',
  'flagger-loadtester: 0.38.0 # renovate: datasource=helm depName=loadtester registryUrl=https://flagger.app',
];

/** The config, judged and complete. */
export function sampleConfig(): Config {
  const { platform, mistakes, known } = parsePlatform(platformInput);
  const versions = parseVersions(sampleVersions(), known);
  const images = parseImages(IMAGES, known);
  const all = [...mistakes, ...versions.mistakes, ...images.mistakes];
  if (platform === undefined || all.length > 0) throw new ConfigError(all);
  return { platform, versions: versions.versions, images: images.images };
}

/** The YAML files of the config. */
export function sampleTexts(): { images: string; versions: string } {
  return { images: IMAGES, versions: sampleVersions() };
}

/**
 * Puts the files of the config in the place of those of a repo.
 *
 * @param root the folder of a copy of the repo, never the repo itself
 */
export async function writeSampleConfig(root: string): Promise<void> {
  const moved = await readUp(import.meta.dirname, 'platform.ts');
  // As our style has the imports there.
  const platform = moved.replace(/^(.*'\.\/schema\.ts';\n)(.*'\.\/clusters\.ts';\n)/, '$2$1');
  const clusters = await readUp(import.meta.dirname, 'clusters.ts');
  for (const [file, text] of [
    [PLATFORM_FILE, platform],
    ['config/clusters.ts', clusters],
    [VERSIONS_FILE, sampleVersions()],
    [IMAGES_FILE, IMAGES],
  ] as const) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
}

/** A module as it reads when it stands one folder further up. */
export async function readUp(folder: string, file: string): Promise<string> {
  const text = await readFile(join(folder, file), 'utf8');
  return text.replaceAll(/( from ')\.\.\/(\.\.\/)?/g, (_, from, more = './') => from + more);
}

function sampleVersions(): string {
  const others = ADD_ONS.filter((name) => !VERSIONS.some((line) => line.startsWith(`${name}:`)));
  const lines = others.map(
    (name) => `${name}: 1.0.0 # renovate: datasource=docker depName=ghcr.io/example/${name}`,
  );
  const ring = (name: string) => `${name}:\n${[...VERSIONS, ...lines].map((line) => `  ${line}\n`).join('')}`;
  return `# The version of each add-on, ring by ring.\n\n${RINGS.map(ring).join('')}`;
}
