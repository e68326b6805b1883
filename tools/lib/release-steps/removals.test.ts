import { beforeAll, describe, expect, test } from '@jest/globals';
import { APP, CLUSTER, compiledWith, type Files, found } from '../../testing/dist-changes.ts';

let running: Files;
/** The app rolls, so nothing of its release stands in the way of its removal. */
let rolling: Files;
let absent: Files;

const KUSTOMIZATIONS = `${CLUSTER}/flux/kustomizations.yaml`;

beforeAll(async () => {
  running = await compiledWith({});
  rolling = await compiledWith({ release: { strategy: 'rolling' } });
  absent = await compiledWith('absent');
});

/** Files with one of them edited. */
function edited(files: Files, path: string, edit: (text: string) => string): Files {
  const before = files.get(path) ?? '';
  const after = edit(before);
  expect(after).not.toBe(before);
  return new Map([...files, [path, after]]);
}

const added = (files: Files, path: string, document: string) =>
  edited(files, path, (text) => `${text}---\n${document}`);
const suspended = (files: Files) =>
  edited(files, KUSTOMIZATIONS, (text) =>
    text.replaceAll('  prune: true\n', '  suspend: true\n  prune: true\n'),
  );
const without = (files: Files, prefix: string) =>
  new Map([...files].filter(([path]) => !path.startsWith(prefix)));

describe('a cluster that goes as a whole', () => {
  test('is suspended first, and destroyed', () => {
    expect(found(running, without(running, CLUSTER))).toEqual([
      expect.stringMatching(
        /^dist\/prod-eu-west-1: prod-eu-west-1 goes while its Flux still syncs it \(\d+ Kustomizations\)\. Make two commits: 1\. `suspend: 'is being removed'` in its record in config\/clusters\.ts; .* destroy its stacks; 2\. this change \[release-steps\]$/,
      ),
    ]);
    expect(found(running, suspended(running))).toEqual([]);
    expect(found(suspended(running), without(running, CLUSTER))).toEqual([]);
  });

  test('is not renamed in one step either', () => {
    const renamed = new Map(
      [...running].map(([path, text]) => [
        path.replace(CLUSTER, 'prod-dublin'),
        text.replaceAll(CLUSTER, 'prod-dublin'),
      ]),
    );
    expect(found(running, renamed)).toEqual([
      expect.stringContaining(`${CLUSTER} goes while its Flux still syncs`),
    ]);
  });
});

describe('a Kustomization that goes', () => {
  test('may, with what it applied', () => {
    expect(found(rolling, absent)).toEqual([]);
  });

  test('is not suspended, or all that it applied would stay behind', () => {
    expect(found(suspended(rolling), suspended(absent))).toEqual([
      `dist/${KUSTOMIZATIONS}: Kustomization/conduit goes while it is suspended: Flux would leave behind all that it applied, and nobody would manage it any more. Make two commits: 1. take its \`suspend\` away, and wait until Flux has synced it; 2. this change [release-steps]`,
    ]);
  });

  test('leaves no heir that applies the same: what one deletes, the other would have to make again', () => {
    const renamed = edited(rolling, KUSTOMIZATIONS, (text) =>
      text.replace('  name: conduit\n', '  name: conduit-app\n'),
    );
    expect(found(rolling, renamed)).toEqual([
      `dist/${KUSTOMIZATIONS}: Kustomization/conduit goes, and Flux deletes what it applied, though Kustomization/conduit-app applies the same folder; keep its name [release-steps]`,
    ]);
  });
});

describe('what holds data', () => {
  const claim = (keep = '') =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: files\n  namespace: conduit\n${keep}spec: {}\n`;
  const KEEP = '  annotations:\n    kustomize.toolkit.fluxcd.io/prune: disabled\n';
  const FILE = `${APP}conduit.yaml`;

  test('a volume does not go with what asked for it', () => {
    expect(found(added(rolling, FILE, claim()), rolling)).toEqual([
      expect.stringMatching(
        /^dist\/.*conduit\.yaml: PersistentVolumeClaim\/conduit\/files goes, and its data with it\. Make two commits: 1\. give it the annotation `kustomize\.toolkit\.fluxcd\.io\/prune: disabled`/,
      ),
    ]);
    expect(found(added(rolling, FILE, claim()), added(rolling, FILE, claim(KEEP)))).toEqual([]);
    expect(found(added(rolling, FILE, claim(KEEP)), rolling)).toEqual([]);
  });

  test.each([
    ['a claim', claim(KEEP), 'the volumes of PersistentVolumeClaim/files'],
    [
      'a StatefulSet with claims',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: queue\n  namespace: conduit\nspec:\n  volumeClaimTemplates: []\n',
      'the volumes of StatefulSet/queue',
    ],
    [
      'a chart with volumes',
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: redis\n  namespace: conduit\nspec:\n  values:\n    persistence:\n      enabled: true\n',
      'the volumes of HelmRelease/redis',
    ],
  ])('a namespace with %s in it stays', (_, document, volumes) => {
    expect(found(added(rolling, FILE, document), absent)).toContainEqual(
      expect.stringContaining(`Namespace/conduit goes, and ${volumes} with it. Make two commits: 1. give it`),
    );
  });

  test('a namespace with volumes in it may go from the repo when it is told to stay', () => {
    const kept = edited(added(rolling, FILE, claim(KEEP)), FILE, (text) =>
      text.replace('kind: Namespace\nmetadata:\n', `kind: Namespace\nmetadata:\n${KEEP}`),
    );
    // Its own annotations, where it has some, stand in the way of a plain edit.
    expect(kept.get(FILE)).toMatch(/kind: Namespace\nmetadata:\n {2}annotations:\n {4}kustomize/);
    expect(found(kept, absent)).toEqual([]);
  });
});

describe('a ring that goes, or is renamed', () => {
  const CONDUIT = `${APP}conduit.yaml`;

  test.each([
    [
      'an address',
      (text: string) => text.replaceAll('conduit.slipway.example', 'conduit.live.slipway.example'),
    ],
    ['an image', (text: string) => text.replaceAll('conduit:0.1.0', 'conduit:0.2.0')],
  ])('changes %s in a step of its own', (_, edit) => {
    const after = edited(rolling, CONDUIT, edit);
    expect(found(rolling, after, ['prod'])).toEqual([
      `dist/${CONDUIT}: prod goes from the rings, and in the same change prod-eu-west-1 gets another image or address. Make two commits: 1. the ring under its new name, with the images of the old one and its \`domain\`, and its clusters in it; 2. this change [release-steps]`,
    ]);
    expect(found(rolling, after)).toEqual([]);
  });

  test('may change the policies that images are marked with', () => {
    const marked = (ring: string) => (text: string) =>
      text.replaceAll(
        /^(\s+image: \S+conduit:\S+)$/gm,
        `$1 # {"$imagepolicy": "flux-system:conduit-${ring}"}`,
      );
    const [before, after] = ['prod', 'live'].map((ring) => edited(rolling, CONDUIT, marked(ring)));
    expect(found(before as Files, after as Files, ['prod'])).toEqual([]);
  });
});
