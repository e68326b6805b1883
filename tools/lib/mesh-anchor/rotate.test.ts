import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Ending, rotate } from './rotate.ts';
import { EVENTS, type Event, FakeCluster, Interruption } from './testing/fake-cluster.ts';
import { Openssl } from './testing/openssl.ts';

let openssl: Openssl;
beforeAll(() => {
  openssl = new Openssl();
});
afterAll(() => openssl[Symbol.dispose]());

/** Everything that a controller may do comes up in turn, so that whatever is waited for comes. */
const IN_TURN = (turn: number): [Event, number] => {
  const events = EVENTS.filter((event) => event !== 'clock' && event !== 'crash');
  return [events[turn % events.length] as Event, turn];
};

interface Run {
  /** What happens by itself with each call of kubectl. @default all that controllers do, in turn */
  happens?: (call: number) => [Event, number];
  force?: boolean;
  dryRun?: boolean;
  patienceMs?: number;
}

/** One run of the program; an interruption ends it. */
async function run(cluster: FakeCluster, { happens = IN_TURN, ...options }: Run = {}) {
  const told: string[] = [];
  let calls = 0;
  const ending = await rotate({
    kubectl: async (args, input) => {
      const answer = await cluster.kubectl(args, input);
      cluster.happen(...happens(calls++));
      return answer;
    },
    force: true,
    dryRun: false,
    patienceMs: 60_000,
    everyMs: 0,
    tell: (says) => told.push(says),
    now: () => new Date(cluster.now),
    ...options,
  }).catch((error: unknown): 'interrupted' => {
    if (error instanceof Interruption) return 'interrupted';
    throw error;
  });
  return { ending, told };
}

/** Runs it again and again, as a person would, until it is done. */
async function toTheEnd(cluster: FakeCluster, options: Run = {}): Promise<Ending[]> {
  const endings: Ending[] = [];
  for (let round = 0; round < 20; round++) {
    const { ending } = await run(cluster, options);
    if (ending === 'interrupted') continue;
    endings.push(ending);
    if (ending.is === 'done') return endings;
    if (ending.is === 'later') cluster.sleepUntil(ending.at);
  }
  throw new Error('it does not end');
}

function expectRotated(after: FakeCluster, before: string): void {
  expect(after.anchor).not.toBe(before);
  expect(after.bundle).toBe(after.anchor);
  expect(after.secrets.has('linkerd-previous-anchor')).toBe(false);
  expect(after.signer).toMatchObject({ secret: 'linkerd-trust-anchor', uses: 'linkerd-trust-anchor' });
  // Flux rules it again.
  expect(after.signer.annotations['kustomize.toolkit.fluxcd.io/reconcile']).toBeNull();
  for (const pod of after.pods) {
    expect(pod.trusts).toBe(after.anchor);
    expect(new X509Certificate(pod.identity.by).verify(new X509Certificate(after.anchor).publicKey)).toBe(
      true,
    );
  }
  after.check();
}

describe('a rotation', () => {
  test('exchanges the anchor in order; each change leaves every pod trusted by every other', async () => {
    const mesh = new FakeCluster(openssl);
    const old = mesh.anchor;
    const first = await run(mesh);
    expect(first.ending).toEqual({ is: 'later', at: expect.any(Date) });
    const at = (first.ending as { at: Date }).at;
    expect(at.getTime() - mesh.now).toBe((24 * 60 + 5) * 60_000);
    mesh.sleepUntil(at);
    const second = await run(mesh, { force: false });
    expect(second.ending).toEqual({ is: 'done' });
    const steps = [...first.told, ...second.told].filter((says) => !says.startsWith('wait'));
    expect(
      steps.map((says) =>
        says.replace(/[\d,]+ days/, 'N days').replace(/: (Deployment|StatefulSet|DaemonSet).*/, ''),
      ),
    ).toEqual([
      'the anchor ends in N days: keep a copy that is trusted beside the next',
      'the copy goes on signing until every proxy trusts the next anchor',
      'renew the anchor',
      'start anew what trusts another bundle',
      'start anew what trusts another bundle',
      'every proxy trusts the new anchor: it signs from now on',
      'renew the issuer, signed by the new anchor',
      'the issuer is signed by the new anchor: note the time',
      'identities that the old anchor stands behind are shown until then',
      'nothing shows what the old anchor stands behind: it is trusted no more',
      'start anew what trusts another bundle',
      'start anew what trusts another bundle',
      'nobody trusts the old anchor: delete it',
      'the anchor is exchanged',
    ]);
    expectRotated(mesh, old);
  });

  test('that is done is not begun again by whoever repeats the command', async () => {
    const mesh = new FakeCluster(openssl);
    await toTheEnd(mesh);
    const { anchor, writes } = mesh;
    for (const force of [false, true]) {
      expect(await run(mesh, { force })).toMatchObject({ ending: { is: 'done' } });
    }
    expect([mesh.anchor, mesh.writes]).toEqual([anchor, writes]);
  });

  test('ends well wherever it is interrupted, before a change or after it', async () => {
    const whole = new FakeCluster(openssl);
    await toTheEnd(whole);
    expect(whole.writes).toBeGreaterThan(15);
    for (let write = 1; write <= whole.writes; write++) {
      for (const when of ['before', 'after'] as const) {
        const mesh = new FakeCluster(openssl);
        const old = mesh.anchor;
        mesh.interruptAt = { write, when };
        const begun = await run(mesh);
        if (begun.ending !== 'interrupted' && begun.ending.is === 'later') mesh.sleepUntil(begun.ending.at);
        await toTheEnd(mesh);
        expectRotated(mesh, old);
      }
    }
  });

  test('keeps the law whatever controllers, nodes and the clock do meanwhile, and however often it is interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...EVENTS), fc.nat(50)), { minLength: 5, maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 4 }),
        async (chosen, interruptions) => {
          const mesh = new FakeCluster(openssl);
          const old = mesh.anchor;
          // By turns what was chosen and what has to come some time, so that it ends.
          const happens = (call: number): [Event, number] =>
            call % 2 === 0
              ? IN_TURN(call / 2)
              : (chosen[((call - 1) / 2) % chosen.length] as [Event, number]);
          for (const write of interruptions) {
            mesh.interruptAt = { write: mesh.writes + write, when: write % 2 === 0 ? 'before' : 'after' };
            const { ending } = await run(mesh, { happens });
            if (ending !== 'interrupted' && ending.is === 'later') mesh.sleepUntil(ending.at);
            if (ending !== 'interrupted' && ending.is === 'done') break;
          }
          mesh.interruptAt = undefined;
          await toTheEnd(mesh, { happens });
          expect(mesh.anchor).not.toBe(old);
          expect(mesh.bundle).toBe(mesh.anchor);
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('the cluster of these tests sees it when pods cease to trust each other', () => {
  const mesh = new FakeCluster(openssl);
  mesh.issuing.add('linkerd-trust-anchor');
  mesh.happen('cert-manager', 0);
  mesh.happen('trust-manager', 0);
  mesh.happen('kubelet', 0);
  // What starts now trusts the new anchor, and still gets an identity by the old one.
  expect(() => mesh.happen('crash', 0)).toThrow(
    /does not trust .*: .*(unable to get|self.signed|verification failed)/s,
  );
});

describe('nothing is begun', () => {
  test('by a dry run, which says what would be', async () => {
    const mesh = new FakeCluster(openssl);
    const { ending, told } = await run(mesh, { dryRun: true });
    expect(ending).toMatchObject({ is: 'stuck' });
    expect(told).toEqual([expect.stringMatching(/keep a copy/)]);
    expect(mesh.writes).toBe(0);
  });

  test('unless the anchor is due, or somebody insists', async () => {
    const mesh = new FakeCluster(openssl);
    const { ending, told } = await run(mesh, { force: false });
    expect(ending).toEqual({ is: 'done' });
    expect(told).toEqual([
      expect.stringMatching(/^nothing to do: the anchor is good for 3,\d\d\d days; with --force/),
    ]);
    mesh.now += (3650 - 30 - 364) * 86_400_000;
    expect((await run(mesh, { force: false, dryRun: true })).told).toEqual([
      expect.stringMatching(/^the anchor ends in 36\d days: keep a copy/),
    ]);
  });

  test('by somebody who insists, when it was exchanged within a week', async () => {
    const mesh = new FakeCluster(openssl);
    mesh.now -= 24 * 86_400_000;
    const { told } = await run(mesh);
    expect(told).toEqual([expect.stringMatching(/it was issued less than 7 days ago$/)]);
    expect(mesh.writes).toBe(0);
  });
});

describe('it waits, and says for what', () => {
  test('while a release is judged, whose pods it would start anew', async () => {
    const mesh = new FakeCluster(openssl);
    mesh.canary = 'Progressing';
    const { ending } = await run(mesh, { patienceMs: 300 });
    expect(ending).toEqual({ is: 'stuck', on: 'wait until releases end: conduit/conduit' });
    mesh.canary = 'Succeeded';
    expect((await toTheEnd(mesh, { force: false })).at(-1)).toEqual({ is: 'done' });
  });

  test('while a pod runs that nothing starts anew', async () => {
    const mesh = new FakeCluster(openssl);
    const happens = (call: number): [Event, number] => {
      const [event, choice] = IN_TURN(call);
      return [event === 'job' ? 'roll' : event, choice];
    };
    const { ending } = await run(mesh, { happens, patienceMs: 300 });
    expect(ending).toEqual({
      is: 'stuck',
      on: expect.stringMatching(/^wait until pods end that nothing starts anew: conduit\/once-/),
    });
  });
});

describe('a cluster in which no step is safe is refused', () => {
  test('whose anchor was renewed by the clock', async () => {
    const mesh = new FakeCluster(openssl);
    mesh.secrets.set('linkerd-trust-anchor', { ...openssl.root(1, mesh.now), labels: {}, annotations: {} });
    await expect(run(mesh, { happens: () => ['kubelet', 0] })).rejects.toThrow(
      /the anchor was renewed and is not what signed/,
    );
  });

  test('whose copy lost its label while it signs', async () => {
    const mesh = new FakeCluster(openssl);
    await run(mesh, { patienceMs: 0 });
    const copy = mesh.secrets.get('linkerd-previous-anchor');
    if (copy) copy.labels = {};
    if (mesh.signer.secret === 'linkerd-trust-anchor') mesh.signer.secret = 'linkerd-previous-anchor';
    await expect(run(mesh)).rejects.toThrow(
      /has lost its label while it signs; give it back: kubectl --namespace cert-manager label secret linkerd-previous-anchor slipway\.dev\/mesh-anchor=previous/,
    );
  });
});
