import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Release } from '../../../config/schema.ts';
import { emptyCluster } from '../../testing/cluster-model.ts';
import { APP, arrival, CLUSTER, compiledWith, type Files, found, HOST } from '../../testing/dist-changes.ts';

const RELEASES: Record<string, Release> = {
  canary: {
    strategy: 'canary',
    weights: { step: 10, max: 50 },
    intervalSeconds: 60,
    threshold: 5,
    minSuccessPercent: 99,
    maxP99Milliseconds: 500,
  },
  blueGreen: {
    strategy: 'blueGreen',
    intervalSeconds: 60,
    threshold: 5,
    minSuccessPercent: 99,
    maxP99Milliseconds: 500,
    preview: {},
  },
  rolling: { strategy: 'rolling' },
};

/** What a Canary lacks that was made by hand, or before `npm run synth` saw to it. */
const OLD = ['canary that never hands back', 'canary that owns its Service', 'canary that does neither'];

/** `dist/` when production releases conduit in each way, or not at all. */
const states: Record<string, Files> = {};

/** A `dist/` with the app's own file edited. */
function edited(files: Files, edit: (text: string) => string): Files {
  const path = `${APP}conduit.yaml`;
  const before = files.get(path) ?? '';
  const after = edit(before);
  expect(after).not.toBe(before);
  return new Map([...files, [path, after]]);
}

const withoutRevert = (text: string) => text.replace('  revertOnDeletion: true\n', '');
const withoutService = (text: string) =>
  text
    .split('---\n')
    .filter((document) => !document.includes('\nkind: Service\n'))
    .join('---\n');

beforeAll(async () => {
  for (const [name, release] of Object.entries(RELEASES)) states[name] = await compiledWith({ release });
  states.absent = await compiledWith('absent');
  const canary = state('canary');
  const edits = [withoutRevert, withoutService, (text: string) => withoutService(withoutRevert(text))];
  for (const [index, edit] of edits.entries()) states[OLD[index] ?? ''] = edited(canary, edit);
});

function state(name: string): Files {
  const files = states[name];
  if (files === undefined) throw new Error(`no state ${name}`);
  return files;
}

describe('a change of how an app is released', () => {
  const TOGETHER = 'goes together with its Deployment';
  const UNTOLD = 'goes without having been told to hand back';
  const SERVICE = 'Service/conduit/conduit goes, and requests for';
  const REFUSED: Record<string, string> = {
    'canary -> absent': TOGETHER,
    'blueGreen -> absent': TOGETHER,
    'blueGreen -> canary that owns its Service': SERVICE,
    'blueGreen -> canary that does neither': SERVICE,
    'canary that owns its Service -> absent': TOGETHER,
    'canary that never hands back -> rolling': UNTOLD,
    'canary that owns its Service -> rolling': UNTOLD,
    'canary that does neither -> rolling': UNTOLD,
    'canary -> canary that owns its Service': SERVICE,
    'canary -> canary that does neither': SERVICE,
    'rolling -> canary that owns its Service': SERVICE,
    'rolling -> canary that does neither': SERVICE,
    'canary that never hands back -> canary that owns its Service': SERVICE,
    'canary that never hands back -> canary that does neither': SERVICE,
  };
  const NAMES = [...Object.keys(RELEASES), 'absent', ...OLD];
  const PAIRS = NAMES.flatMap((from) =>
    NAMES.filter((to) => to !== from).map((to) => [from, to, REFUSED[`${from} -> ${to}`]] as const),
  );

  test.each(PAIRS)('%s -> %s', (from, to, refusal) => {
    const expected = refusal === undefined ? [] : [expect.stringContaining(refusal)];
    expect(found(state(from), state(to))).toEqual(expected);
  });

  // What is refused really is trouble, and what is allowed is none: in every order in which the controllers may act.
  test.each(PAIRS)('%s -> %s, in the model', (from, to, refusal) => {
    const { end } = arrival(emptyCluster(), state(from), false);
    const { trouble } = arrival(end, state(to), from !== 'absent' && to !== 'absent');
    const troubles = expect.arrayContaining([expect.stringMatching(/is not served|hangs in deletion/)]);
    expect(trouble).toEqual(refusal === undefined ? [] : troubles);
  });

  test('can go round, a commit at a time, while users are served; and the app can go in the end', () => {
    let { end } = arrival(emptyCluster(), state('canary'), false);
    let before = 'canary';
    for (const next of ['rolling', 'canary', 'rolling', 'absent']) {
      expect(found(state(before), state(next))).toEqual([]);
      const arrived = arrival(end, state(next), next !== 'absent');
      expect(arrived.trouble).toEqual([]);
      end = arrived.end;
      before = next;
    }
    expect(end.objects).toEqual({});
  });
});

describe('a refusal says which two commits to make', () => {
  test('when an app is removed from a cluster while a canary releases it', () => {
    expect(found(state('canary'), state('absent'))).toEqual([
      "dist/prod-eu-west-1/apps/conduit/conduit.yaml: Canary/conduit/conduit goes together with its Deployment, which Flagger wants ready before it lets the Canary go: it would hang in deletion for ever, and so would a namespace around it. Make two commits: 1. give conduit `release: { strategy: 'rolling' }` in config/platform.ts, and wait until Flux has applied it to prod-eu-west-1; 2. this change [release-steps]",
    ]);
  });

  test('when a Canary goes that was not told to hand back', () => {
    expect(found(state('canary that never hands back'), state('rolling'))).toEqual([
      'dist/prod-eu-west-1/apps/conduit/conduit.yaml: Canary/conduit/conduit goes without having been told to hand back: conduit-primary, which serves, goes with it while the Deployment stands at zero. Make two commits: 1. keep the Canary and give it `revertOnDeletion: true`, as `npm run synth` does, and wait until Flux has applied it to prod-eu-west-1; 2. this change [release-steps]',
    ]);
  });

  test('and what to do by hand, when the Service is Flagger’s', () => {
    expect(found(state('canary that does neither'), state('rolling'))).toEqual([
      `dist/prod-eu-west-1/apps/conduit/conduit.yaml: Canary/conduit/conduit goes without having been told to hand back: conduit-primary, which serves, and the Service go with it while the Deployment stands at zero. Make two commits: 1. keep the Canary and give it \`revertOnDeletion: true\` and dist/ the Service conduit, as \`npm run synth\` does, and wait until Flux has applied it to prod-eu-west-1; then take the Canary off Flagger's Service: kubectl -n conduit patch service conduit --type=json -p '[{"op": "remove", "path": "/metadata/ownerReferences"}]'; 2. this change [release-steps]`,
    ]);
  });

  test('when a route moves to pods that start only then', () => {
    const moved = edited(state('rolling'), (text) => {
      const other = text
        .split('---\n')
        .filter((document) => /\nkind: (?:Service|Deployment)\n/.test(document));
      const added = other.join('---\n').replaceAll(/\bname: conduit$/gm, 'name: web');
      return `${text.replace(/(service:\n\s+name: )conduit/, '$1web')}---\n${added}`;
    });
    expect(found(state('rolling'), moved)).toEqual([
      'dist/prod-eu-west-1/apps/conduit/conduit.yaml: requests for conduit.slipway.example/ go to conduit/web at once, whose pods only start with this change. Make two commits: 1. add conduit/web beside what serves now, without the route, and wait until it is ready in prod-eu-west-1; 2. this change [release-steps]',
    ]);
    const { end } = arrival(emptyCluster(), state('rolling'), false);
    expect(arrival(end, moved, true).trouble).toEqual([`${HOST} is not served`]);
  });

  test('when an app gets another name', () => {
    const renamed = new Map(
      [...state('canary')].map(([path, text]) => [
        path.replaceAll('conduit', 'blog'),
        text.replaceAll('conduit', 'blog').replaceAll('blog.', 'conduit.'),
      ]),
    );
    const says = found(state('canary'), renamed).filter((line) => line.includes(CLUSTER));
    expect(says).toEqual([
      expect.stringContaining('Canary/conduit/conduit goes together with its Deployment'),
      expect.stringContaining('requests for conduit.slipway.example/ go to blog/blog at once'),
    ]);
  });
});

describe('nothing is refused', () => {
  test('in a change of an image or of a setting', () => {
    const other = edited(state('canary'), (text) =>
      text.replaceAll('0.1.0', '0.2.0').replace('threshold: 5', 'threshold: 3'),
    );
    expect(found(state('canary'), other)).toEqual([]);
  });

  test('when a cluster comes', () => {
    const without = new Map([...state('canary')].filter(([path]) => !path.startsWith(CLUSTER)));
    expect(found(without, state('canary'))).toEqual([]);
  });

  test('when the file of an app is moved', () => {
    const moved = new Map(
      [...state('canary')].map(([path, text]) => [path.replace('/conduit.yaml', '/all.yaml'), text]),
    );
    expect(found(state('canary'), moved)).toEqual([]);
  });
});
