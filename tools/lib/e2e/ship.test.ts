import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ALL_WELL } from '../canary/machine/observations.ts';
import type { MachineSpec } from '../canary/machine/spec.ts';
import { initialized, type State } from '../canary/machine/state.ts';
import { step } from '../canary/machine/step.ts';
import { UserError } from '../user-error.ts';
import { type ShipProps, ship } from './ship.ts';

const IMAGE = 'ghcr.io/slipway/conduit';
const DIGEST = `@sha256:${'0'.repeat(64)}`;
const SPEC: MachineSpec = { progress: { kind: 'evenWeights', step: 20, max: 40 }, threshold: 2 };

/**
 * A cluster with Flux and Flagger, as its API answers: at each look it is a tick later. What Flagger does is what the state
 * machine does.
 */
class Cluster {
  private tick = 0;
  private pushed: string | undefined;
  private wanted = `${IMAGE}:1.0.0`;
  private serving = `${IMAGE}:1.0.0`;
  private state: State = initialized(`${IMAGE}:1.0.0`);
  /** Ticks until Flux finds the image, and until its commit is applied. */
  private readonly delay: number;
  private readonly works: (image: string) => boolean;

  constructor(works: (image: string) => boolean = () => true, delay = 2) {
    this.works = works;
    this.delay = delay;
  }

  push = async (tag: string) => {
    this.pushed = `${IMAGE}:${tag}`;
    this.tick = 0;
  };

  kubectl = async (args: readonly string[]): Promise<string> => {
    const [verb, kind = '', name = ''] = args;
    if (verb !== 'get') throw new UserError(`no ${verb} expected`);
    if (kind.startsWith('deployment')) {
      if (!name.endsWith('-primary')) this.advance();
      return this.deployment(name.endsWith('-primary') ? this.serving : this.wanted);
    }
    if (kind.startsWith('canary')) {
      const { phase, weight, failed } = this.state;
      return JSON.stringify({ status: { phase, canaryWeight: weight, failedChecks: failed } });
    }
    if (kind.startsWith('imagepolicy')) {
      const [image = '', tag = ''] = (this.isFound() ? (this.pushed ?? '') : this.serving).split(':');
      return JSON.stringify({ status: { latestRef: { name: image, tag, digest: DIGEST } } });
    }
    const { phase } = this.state;
    const isUnderWay = this.wanted !== this.state.revision || !/^(Initialized|Succeeded|Failed)$/.test(phase);
    const status = isUnderWay ? 'Unknown' : phase === 'Failed' ? 'False' : 'True';
    return JSON.stringify({ status: { conditions: [{ type: 'Ready', status, message: `it is ${phase}` }] } });
  };

  private isFound(): boolean {
    return this.pushed !== undefined && this.tick >= this.delay;
  }

  private advance(): void {
    this.tick += 1;
    if (this.pushed !== undefined && this.tick >= 2 * this.delay) this.wanted = this.pushed;
    const check = this.works(this.wanted);
    const { state, effects } = step(this.state, SPEC, { ...ALL_WELL, revision: this.wanted, check });
    this.state = state;
    if (effects.some(({ kind }) => kind === 'promote')) this.serving = this.wanted;
  }

  private deployment(image: string): string {
    return JSON.stringify({ spec: { template: { spec: { containers: [{ image: image + DIGEST }] } } } });
  }
}

const TARGET = { app: 'conduit', canary: 'conduit', policy: 'conduit-dev' };

function release(cluster: Cluster, tag: string, props: Partial<ShipProps> = {}) {
  return ship(cluster.kubectl, {
    target: TARGET,
    push: () => cluster.push(tag),
    expectation: 'promoted',
    timeoutSeconds: 2,
    intervalSeconds: 0.005,
    tell: () => undefined,
    ...props,
  });
}

const isNotBad = (image: string) => !image.endsWith('bad');

describe('a good image', () => {
  test('is promoted, step by step', async () => {
    expect(await release(new Cluster(isNotBad), '1.1.0')).toEqual({ weights: [20, 40] });
  });

  test('that is rolled back is not as it should be', async () => {
    const { wrong } = await release(new Cluster(() => false), '1.1.0');
    expect(wrong).toContain(`${IMAGE}:1.1.0 was rolled back`);
  });

  test('that Flux never finds is told so', async () => {
    const { wrong } = await release(new Cluster(isNotBad, 1e9), '1.1.0', { timeoutSeconds: 0.1 });
    expect(wrong).toBe('after 0.1 s it still waits for Flux to find the new image');
  });
});

describe('a bad image', () => {
  test('is rolled back, and the one before serves on', async () => {
    const cluster = new Cluster(isNotBad);
    expect(await release(cluster, '1.1.0-bad', { expectation: 'rolledBack' })).toEqual({ weights: [20] });
  });

  test('that reaches every user is not as it should be', async () => {
    const { wrong } = await release(new Cluster(), '1.1.0-bad', { expectation: 'rolledBack' });
    expect(wrong).toBe(`${IMAGE}:1.1.0-bad reached every user`);
  });

  test('leaves the way open for the next good one', async () => {
    const cluster = new Cluster(isNotBad);
    await release(cluster, '1.1.0-bad', { expectation: 'rolledBack' });
    expect(await release(cluster, '1.1.1')).toEqual({ weights: [20, 40] });
  });
});

test('each change is told once', async () => {
  const told: string[] = [];
  await release(new Cluster(isNotBad), '1.1.0', { tell: (line) => told.push(line) });
  expect(told[0]).toBe('waits for Flux to find the new image');
  expect(new Set(told).size).toBe(told.length);
});

test('nothing is shipped into a release that is under way', async () => {
  const cluster = new Cluster(isNotBad, 0);
  await cluster.push('1.1.0');
  for (let look = 0; look < 2; look += 1) await cluster.kubectl(['get', 'deployment.apps', 'conduit']);
  await expect(release(cluster, '1.2.0')).rejects.toThrow(
    new UserError('conduit is Progressing: wait until no release is under way'),
  );
});

describe('users', () => {
  let server: Server;
  let status = 200;
  beforeEach(async () => {
    status = 200;
    server = createServer((_request, response) => response.writeHead(status).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  test('who notice nothing are counted', async () => {
    const { wrong, seen } = await release(new Cluster(isNotBad), '1.1.0', { url: url() });
    expect(wrong).toBeUndefined();
    expect(seen?.requests).toBeGreaterThan(0);
    expect(seen?.failed).toBe(0);
  });

  test('who are failed by a good release make it a bad one', async () => {
    status = 503;
    const { wrong } = await release(new Cluster(isNotBad), '1.1.0', { url: url() });
    expect(wrong).toMatch(/^\d+ of \d+ requests failed$/);
  });

  test('who are failed by a bad release are only told', async () => {
    status = 503;
    const { wrong, seen } = await release(new Cluster(isNotBad), '1.1.0-bad', {
      url: url(),
      expectation: 'rolledBack',
    });
    expect(wrong).toBeUndefined();
    expect(seen?.failed).toBeGreaterThan(0);
  });
});
