// Makes of the first ring's dist/ what a kind cluster can run: `node tools/ci/cluster/prepare.ts <cluster> <branch> <image>`. It
// edits dist/<cluster>/ in place, on a branch that is thrown away: the app hello, the add-ons that it stands on but for those of
// AWS, and its image from a registry beside the cluster, moved by image automation.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';

const APP = 'hello';
/** What only a cluster on EKS has. The script that calls this brings a StorageClass of the same name. */
const ONLY_ON_AWS: ReadonlySet<string> = new Set(['secret-stores', 'storage', 'karpenter-nodes']);

interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: { dependsOn?: { name: string }[]; [key: string]: unknown };
}

const [cluster, branch, image] = process.argv.slice(2);
if (cluster === undefined || branch === undefined || image === undefined) {
  console.error('usage: node tools/ci/cluster/prepare.ts <cluster> <branch> <image, with its tag>');
  process.exit(2);
}
const folder = join('dist', cluster);

const kustomizations = await readResources('flux/kustomizations.yaml');
const kept = standsOn(kustomizations);
for (const { spec } of kept) {
  if (spec.dependsOn) spec.dependsOn = spec.dependsOn.filter(({ name }) => isKept(name));
}
await write('flux/kustomizations.yaml', kept);
await write('flux/image-automation.yaml', imageAutomation());
await moveImage();
console.log(`${kept.length} folders: ${kept.map(({ metadata }) => metadata.name).join(', ')}`);

/** The app's Kustomization and all those that it waits for, directly or not. */
function standsOn(all: readonly Resource[]): Resource[] {
  const wanted = new Set([APP]);
  // A set hands out what is added while one goes through it.
  for (const name of wanted) {
    const { spec } = all.find(({ metadata }) => metadata.name === name) ?? {};
    if (spec === undefined) throw new Error(`dist/${cluster}/flux has no Kustomization ${name}`);
    for (const other of spec.dependsOn ?? []) if (!ONLY_ON_AWS.has(other.name)) wanted.add(other.name);
  }
  return all.filter(({ metadata }) => wanted.has(metadata.name));
}

function isKept(name: string): boolean {
  return kept.some(({ metadata }) => metadata.name === name);
}

/** As apps/main.ts makes it for a cluster that automates, from a registry without TLS and more often. */
function imageAutomation(): Resource[] {
  const [repository = ''] = image?.split(/:(?=[^:/]+$)/) ?? [];
  const inFlux = (name: string) => ({ name, namespace: 'flux-system' });
  const apiVersion = 'image.toolkit.fluxcd.io/v1';
  const author = { name: 'flux', email: 'flux@users.noreply.github.com' };
  return [
    {
      apiVersion,
      kind: 'ImageRepository',
      metadata: inFlux(APP),
      spec: { image: repository, interval: '15s', insecure: true },
    },
    {
      apiVersion,
      kind: 'ImagePolicy',
      metadata: inFlux(`${APP}-dev`),
      spec: { imageRepositoryRef: { name: APP }, policy: { semver: { range: '>=0.0.0-0' } } },
    },
    {
      apiVersion,
      kind: 'ImageUpdateAutomation',
      metadata: inFlux('images-dev'),
      spec: {
        interval: '30s',
        sourceRef: { kind: 'GitRepository', name: 'flux-system' },
        git: { checkout: { ref: { branch } }, commit: { author }, push: { branch } },
        update: { path: `./${folder}/apps`, strategy: 'Setters' },
      },
    },
  ];
}

/** Puts the image into the app's manifests, with the marker by which Flux finds it. */
async function moveImage(): Promise<void> {
  const path = join(folder, 'apps', APP, `${APP}.yaml`);
  const text = await readFile(path, 'utf8');
  const marked = `image: ${image} # {"$imagepolicy": "flux-system:${APP}-dev"}`;
  const moved = text.replace(/^( +)image: \S+.*$/m, (_, indent: string) => indent + marked);
  if (moved === text) throw new Error(`${path} names no image`);
  await writeFile(path, moved);
}

async function readResources(file: string): Promise<Resource[]> {
  return parseAllDocuments(await readFile(join(folder, file), 'utf8')).map((one) => one.toJS() as Resource);
}

async function write(file: string, resources: readonly Resource[]): Promise<void> {
  await writeFile(join(folder, file), resources.map((one) => stringify(one)).join('---\n'));
}
