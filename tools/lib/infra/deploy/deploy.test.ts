import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { patient } from '../aws/patient.ts';
import { stacksOfAccount, stacksOfCluster } from '../stacks.ts';
import type { Ending } from '../steps.ts';
import { ACCOUNT, CLUSTER, DOMAIN, Killed, World, type WorldOptions } from '../testing/world.ts';
import { deploy } from './deploy.ts';

const told: string[] = [];

function run(world: World): Promise<Ending> {
  told.length = 0;
  return deploy({
    aws: patient(world.aws, world.clock),
    cdk: world.cdk,
    clock: world.clock,
    tell: (says) => told.push(says),
    nameServers: async () => world.known,
    cluster: CLUSTER,
    domain: DOMAIN,
    accountStacks: stacksOfAccount(world.described, ACCOUNT),
    stacks: stacksOfCluster(world.described, CLUSTER, [CLUSTER]),
    templates: world.templates,
    assembly: 'cdk.out',
  });
}

async function runKilled(call: number, when: 'before' | 'after', options: WorldOptions = {}) {
  const world = new World(options);
  world.killAt = { call, when };
  const first = await run(world).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
    return undefined;
  });
  world.killAt = undefined;
  if (first === undefined) for (let tick = 0; tick < call % 4; tick++) world.tick();
  return { world, wasKilled: first === undefined, ending: first ?? (await run(world)) };
}

describe('an empty account', () => {
  test('has in the end everything, made in order', async () => {
    const world = new World();
    expect(await run(world)).toMatchObject({ is: 'done' });
    expect(world.log).toEqual([
      `bootstrap aws://${ACCOUNT}/eu-west-1`,
      `bootstrap aws://${ACCOUNT}/us-east-1`,
      `deploy account-${ACCOUNT}-budget`,
      `deploy account-${ACCOUNT}-dns`,
      ...['network', 'cluster', 'data', 'identity', 'observability', 'health', 'bootstrap'].map(
        (part) => `deploy ${CLUSTER}-${part}`,
      ),
    ]);
    expect(world.violations).toEqual([]);
  });

  test('is filled by an AWS that is slow to answer', async () => {
    expect(await run(new World({ throttles: true }))).toMatchObject({ is: 'done' });
  });
});

describe('a run that was stopped', () => {
  test.each(['before', 'after'] as const)('%s any of its calls is finished by the next', async (when) => {
    const { world: whole } = await runKilled(Number.POSITIVE_INFINITY, when);
    expect(whole.calls).toBeGreaterThan(50);
    for (let call = 1; call <= whole.calls; call++) {
      const { world, wasKilled, ending } = await runKilled(call, when);
      expect({ call, wasKilled, is: ending.is }).toEqual({ call, wasKilled: true, is: 'done' });
      expect(world.endState).toEqual(whole.endState);
      expect(world.violations).toEqual([]);
      // What was begun is waited for, and not begun again.
      expect(world.log).toEqual([...new Set(world.log)]);
    }
  });

  test('again and again comes to the same end', async () => {
    const { world: whole } = await runKilled(Number.POSITIVE_INFINITY, 'before');
    const kill = fc.record({
      call: fc.integer({ min: 1, max: 30 }),
      when: fc.constantFrom<'before' | 'after'>('before', 'after'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { maxLength: 8 }), async (all) => {
        const world = new World();
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
    world.bootstrapped.set('eu-west-1', 21).set('us-east-1', 21);
    expect(await run(world)).toEqual({ is: 'done', acted: [] });
    expect(world.log).toEqual([]);
  });
});

test('only stacks whose templates changed are deployed again', async () => {
  const world = World.running();
  world.bootstrapped.set('eu-west-1', 21).set('us-east-1', 21);
  const data = world.stacks.get(`${CLUSTER}-data`);
  if (data) data.template = { Resources: {} };
  expect(await run(world)).toMatchObject({ is: 'done', acted: [`deploy the stack ${CLUSTER}-data`] });
  expect(world.log).toEqual([`deploy ${CLUSTER}-data`]);
});

test('a template that AWS gives back in another form is deployed once in a run, and no more', async () => {
  const world = new World({ garbles: `${CLUSTER}-data` });
  expect(await run(world)).toMatchObject({ is: 'done' });
  expect(world.log.filter((entry) => entry === `deploy ${CLUSTER}-data`)).toHaveLength(1);
});

test('a region that an older CDK prepared is prepared again', async () => {
  const world = World.running();
  world.bootstrapped.set('eu-west-1', 5).set('us-east-1', 21);
  await run(world);
  expect(world.log).toEqual([`bootstrap aws://${ACCOUNT}/eu-west-1`]);
});

describe('what stands in the way', () => {
  test('a stack that fails says why, and the next run makes it anew', async () => {
    const world = new World({ failing: `${CLUSTER}-network` });
    expect(await run(world)).toMatchObject({
      is: 'stuck',
      at: `deploy the stack ${CLUSTER}-network`,
      left: [`${CLUSTER}-network: AWS::EC2::EIP thing: You have reached your limit of Elastic IPs`],
    });
    expect(world.stacks.has(`${CLUSTER}-cluster`)).toBe(false);
    expect(await run(world)).toMatchObject({ is: 'done' });
    expect(told.join('\n')).toContain('is ROLLBACK_COMPLETE and is made anew; the last time: AWS::EC2::EIP');
    expect(world.violations).toEqual([]);
  });

  test.each([
    ['UPDATE_ROLLBACK_FAILED', `npm exec -- cdk rollback ${CLUSTER}-data`],
    ['ROLLBACK_FAILED', 'lift the deletion protection'],
    ['DELETE_FAILED', 'npm run infra:destroy'],
    ['DELETE_IN_PROGRESS', 'npm run infra:destroy'],
  ])('a stack that is %s is left as it is', async (status, remedy) => {
    const world = World.running();
    world.bootstrapped.set('eu-west-1', 21).set('us-east-1', 21);
    const data = world.stacks.get(`${CLUSTER}-data`);
    if (data) Object.assign(data, { status, reasons: ['Internal failure'] });
    expect(await run(world)).toMatchObject({
      is: 'stuck',
      left: expect.arrayContaining([`${CLUSTER}-data is ${status}`]),
      remedy: expect.stringContaining(remedy),
    });
    expect(world.log).toEqual([]);
  });

  test('a domain that nobody has delegated is told early, and waited for before certificates', async () => {
    const world = new World();
    world.known.length = 0;
    const record = `the zone above ${DOMAIN} has to name ns-1.awsdns-01.org ns-2.awsdns-02.com as its NS record`;
    expect(await run(world)).toMatchObject({ is: 'stuck', left: [record] });
    expect(told.findIndex((line) => line.includes('meanwhile'))).toBeLessThan(
      told.findIndex((line) => line.includes(`${CLUSTER}-network`)),
    );
    expect(world.stacks.has(`${CLUSTER}-identity`)).toBe(true);
    expect(world.stacks.has(`${CLUSTER}-observability`)).toBe(false);
    world.known.push('NS-1.awsdns-01.org.', 'ns-2.awsdns-02.com');
    expect(await run(world)).toMatchObject({ is: 'done' });
  });
});
