import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { patient } from '../aws/patient.ts';
import { ownerOf, stacksOfCluster } from '../stacks.ts';
import type { Ending } from '../steps.ts';
import { CLUSTER, DOMAIN, Killed, REGION, World, type WorldOptions } from '../testing/world.ts';
import { destroy } from './destroy.ts';

const told: string[] = [];

function run(world: World): Promise<Ending> {
  told.length = 0;
  return destroy({
    aws: patient(world.aws, world.clock),
    clock: world.clock,
    reach: async () => ({ kubectl: world.kubectl, close: () => undefined }),
    tell: (says) => told.push(says),
    cluster: CLUSTER,
    region: REGION,
    domain: DOMAIN,
    stacks: stacksOfCluster(world.described, CLUSTER, [CLUSTER]),
    clusters: [CLUSTER],
  });
}

/** Runs it to its end, however often it is stopped: at one call, and never again. */
async function runKilled(call: number, when: 'before' | 'after', options: WorldOptions = {}) {
  const world = World.running(options);
  world.killAt = { call, when };
  const first = await run(world).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
    return undefined;
  });
  world.killAt = undefined;
  // Whoever starts it again takes a while; what was begun goes on meanwhile.
  if (first === undefined) for (let tick = 0; tick < call % 4; tick++) world.tick();
  return { world, wasKilled: first === undefined, ending: first ?? (await run(world)) };
}

describe('a cluster that runs', () => {
  test('is taken down to nothing that costs money', async () => {
    const world = World.running();
    expect(world.costs).toEqual(expect.arrayContaining(['cluster', 'database', 'nginx', 'vol-1', 'i-1']));
    expect(await run(world)).toMatchObject({ is: 'done' });
    expect(world.costs).toEqual([]);
    expect(world.violations).toEqual([]);
    // What the account has once serves its other clusters.
    expect([...world.stacks.keys()]).toEqual(['account-111111111111-budget', 'account-111111111111-dns']);
  });

  test('is taken down in order', async () => {
    const world = World.running();
    await run(world);
    const at = (entry: string) => {
      const index = world.log.indexOf(entry);
      if (index === -1) throw new Error(`never: ${entry}; but ${world.log.join(', ')}`);
      return index;
    };
    const order = [
      'suspend kustomizations flux-system/flux-system',
      'suspend kustomizations flux-system/apps',
      'suspend kustomizations flux-system/platform',
      'suspend helmreleases edge/nginx',
      'delete services edge/nginx',
      'delete prometheuses monitoring/main',
      'delete persistentvolumeclaims monitoring/data',
      'delete poddisruptionbudgets web/web',
      'delete nodepools spot',
      'delete ec2nodeclasses bottlerocket',
      'delete fluxinstances flux-system/flux',
      'delete eni-1',
      'unprotect cluster',
      'delete dev-eu-west-1-bootstrap',
      'delete dev-eu-west-1-health',
      'delete dev-eu-west-1-observability',
      'delete dev-eu-west-1-identity',
      'delete dev-eu-west-1-data',
      'delete dev-eu-west-1-cluster',
      'delete dev-eu-west-1-network',
      'delete /aws/eks/dev-eu-west-1/cluster',
    ];
    expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
    // A Service that is reached inside the cluster only costs nothing and goes with it.
    expect(world.log).not.toContain('delete services web/web');
  });

  test('that kept its data leaves one snapshot', async () => {
    const world = World.running({ keepsData: true });
    await run(world);
    expect(world.snapshots).toHaveLength(1);
  });

  test('is taken down by an AWS that is slow to answer', async () => {
    const world = World.running({ throttles: true });
    expect(await run(world)).toMatchObject({ is: 'done' });
    expect(world.costs).toEqual([]);
  });
});

describe('a run that was stopped', () => {
  test.each(['before', 'after'] as const)('%s any of its calls is finished by the next', async (when) => {
    const { world: whole } = await runKilled(Number.POSITIVE_INFINITY, when, { keepsData: true });
    const calls = whole.calls;
    expect(calls).toBeGreaterThan(100);
    for (let call = 1; call <= calls; call++) {
      const { world, wasKilled, ending } = await runKilled(call, when, { keepsData: true });
      expect({ call, wasKilled, is: ending.is }).toEqual({ call, wasKilled: true, is: 'done' });
      expect(world.endState).toEqual(whole.endState);
      expect(world.violations).toEqual([]);
    }
  });

  test('again and again comes to the same end', async () => {
    const { world: whole } = await runKilled(Number.POSITIVE_INFINITY, 'before');
    const kills = fc.array(
      fc.record({ call: fc.integer({ min: 1, max: 80 }), when: fc.constantFrom('before', 'after') }),
      {
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(kills as fc.Arbitrary<{ call: number; when: 'before' | 'after' }[]>, async (all) => {
        const world = World.running();
        for (const { call, when } of all) {
          world.killAt = { call: world.calls + call, when };
          await run(world).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
        }
        world.killAt = undefined;
        expect(await run(world)).toMatchObject({ is: 'done' });
        expect(world.endState).toEqual(whole.endState);
        expect(world.violations).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('and was done does nothing when it is run once more', async () => {
    const world = World.running();
    await run(world);
    world.log.length = 0;
    expect(await run(world)).toEqual({ is: 'done', acted: [] });
    expect(world.log).toEqual([]);
  });
});

describe('what stands in the way', () => {
  test('a load balancer that does not go is named, with what to do, and no stack is touched', async () => {
    const world = World.running({ stuckLoadBalancer: true });
    const ending = await run(world);
    expect(ending).toMatchObject({
      is: 'stuck',
      at: 'delete routes and load balancers',
      left: expect.arrayContaining([
        'Service edge/nginx',
        expect.stringMatching(/^load balancer arn:.*nginx$/),
      ]),
      remedy: expect.stringContaining('aws elbv2 delete-load-balancer'),
    });
    expect(world.stacks.get(`${CLUSTER}-bootstrap`)?.status).toBe('CREATE_COMPLETE');
    // Somebody deletes it by hand.
    delete world.options.stuckLoadBalancer;
    expect(await run(world)).toMatchObject({ is: 'done' });
    expect(world.costs).toEqual([]);
  });

  test('what no controller is left to remove is found before the stacks go', async () => {
    const world = World.running();
    world.stacks.delete(`${CLUSTER}-bootstrap`);
    world.cluster = undefined;
    world.eks = undefined;
    expect(await run(world)).toMatchObject({
      is: 'stuck',
      left: expect.arrayContaining(['instance i-1', 'volume vol-1']),
    });
    expect(world.log.filter((entry) => entry.startsWith(`delete ${CLUSTER}`))).toEqual([]);
  });

  test('a stack that cannot be deleted is tried once, and says why', async () => {
    const world = World.running();
    // Somebody has put a server of their own into the VPC.
    const ending = await new Promise<Ending>((resolve) => {
      const { tick } = world;
      world.tick = function (this: World) {
        tick.call(this);
        if (this.eks === undefined) this.made.loadBalancers.add('by-hand');
      };
      resolve(run(world));
    });
    expect(ending).toMatchObject({
      is: 'stuck',
      at: `delete the stack ${CLUSTER}-network`,
      left: [expect.stringContaining('The subnet has dependencies: by-hand')],
      remedy: expect.stringContaining('run this again'),
    });
    expect(world.log.filter((entry) => entry === `delete ${CLUSTER}-network`)).toHaveLength(1);
  });

  test('a cluster on which Flux never was is taken down by its stacks alone', async () => {
    const world = new World();
    for (const name of ['network', 'cluster']) {
      world.bootstrapped.set(REGION, 21);
      await world.cdk(['deploy', `${CLUSTER}-${name}`]);
    }
    expect(await run(world)).toMatchObject({ is: 'done' });
    expect(world.costs).toEqual([]);
  });
});

test('a stack is of the cluster with the longest name that fits', () => {
  expect(ownerOf('dev-2-network', ['dev', 'dev-2'])).toBe('dev-2');
  expect(ownerOf('other-network', ['dev'])).toBeUndefined();
});
