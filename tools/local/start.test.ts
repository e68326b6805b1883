import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import pg from 'pg';
import { isRunning } from '../lib/processes.ts';
import { until } from '../lib/until.ts';
import { childrenOf } from '../testing/children-of.ts';
import { LocalRepo } from '../testing/local-start.ts';

let repo: LocalRepo;
let options: string[];
let [port, consolePort]: number[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  repo = await LocalRepo.make();
});

beforeEach(async () => {
  [port, consolePort] = [await getPort({ reserve: true }), await getPort({ reserve: true })];
  options = ['--port', String(port), '--console-port', String(consolePort)];
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await repo.reset();
});

afterAll(() => repo.remove());

const inSlipway = (...path: string[]) => join(repo.root, '.slipway', ...path);

async function take(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function post(url: string, body: object): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

describe('npm start', () => {
  it('brings everything up, and a Ctrl-C stops it and leaves nothing running', async () => {
    const start = repo.start(options);
    const { serviceUrl, consoleUrl, children } = await start.ready();
    expect(start.output).toMatch(
      /✔ compile +\d+ files, \d+ objects \(\d+\.\d+ s\)\n✔ check .*\n✔ dist .*\n✔ database .*new/,
    );
    expect(start.output).toContain('sign in as demo@conduit.example with the password conduit-demo');
    expect(await (await fetch(serviceUrl)).text()).toContain('article-preview');
    expect(await (await fetch(consoleUrl)).text()).toContain('dev-eu-west-1');
    expect(children).toHaveLength(2);

    start.signal('SIGINT');
    expect(await start.exitCode()).toBe(0);
    expect(start.output).toMatch(/stopped after .*; nothing is left running\n$/);
    expect(children.filter(isRunning)).toEqual([]);
    expect([await answers(serviceUrl), await answers(consoleUrl)]).toEqual([false, false]);
    expect(existsSync(inSlipway('start.lock'))).toBe(false);
  });

  it('takes the next ports where its own are taken, and says so', async () => {
    await take(port as number);
    await take(consolePort as number);
    const start = repo.start(options);
    const { serviceUrl, consoleUrl } = await start.ready();
    expect(start.output).toMatch(
      new RegExp(`service +${serviceUrl} \\(${port} is taken: ${new URL(serviceUrl).port}\\)`),
    );
    expect(start.output).toMatch(
      new RegExp(`console +${consoleUrl} \\(${consolePort} is taken: ${new URL(consoleUrl).port}\\)`),
    );
    start.signal('SIGTERM');
    expect(await start.exitCode()).toBe(0);
  });

  it('is refused while another one runs in the repo, which goes on', async () => {
    const first = repo.start(options);
    const { serviceUrl, consoleUrl } = await first.ready();
    const second = repo.start(options);
    expect(await second.exitCode()).toBe(2);
    expect(second.output).toBe(
      `Slipway already runs here, as process ${first.pid}; its console is at ${consoleUrl}. Stop it with Ctrl-C in its terminal, or with \`kill ${first.pid}\`.\n`,
    );
    expect([await answers(serviceUrl), await answers(consoleUrl)]).toEqual([true, true]);
    first.signal('SIGINT');
    expect(await first.exitCode()).toBe(0);
  });

  it('works again after it was killed, with its data, and clears away what was left', async () => {
    const first = repo.start(options);
    const { serviceUrl, children } = await first.ready();
    const user = { username: 'kept', email: 'kept@conduit.example', password: 'password-kept' };
    expect(await post(`${serviceUrl}/api/users`, { user })).toBe(201);
    first.signal('SIGKILL');
    await first.exitCode();
    // The service sees its parent go; PostgreSQL does not.
    expect(await until(() => children.filter(isRunning).length === 1, 10_000)).toBe(true);

    const second = repo.start(options);
    const again = await second.ready();
    expect(second.output).toContain('stopped the one that a killed start had left');
    expect(children.filter(isRunning)).toEqual([]);
    expect(await post(`${again.serviceUrl}/api/users/login`, { user })).toBe(200);
    second.signal('SIGINT');
    expect(await second.exitCode()).toBe(0);

    const third = repo.start([...options, '--fresh']);
    const fresh = await third.ready();
    expect(await post(`${fresh.serviceUrl}/api/users/login`, { user })).toBe(401);
    third.signal('SIGINT');
    expect(await third.exitCode()).toBe(0);
  });

  it('ends with the end of its log when the service dies, and stops the rest', async () => {
    const start = repo.start(options);
    const { consoleUrl, children } = await start.ready();
    const [service] = children.filter(
      (pid) => !readFileSync(inSlipway('postgres', 'data', 'postmaster.pid'), 'utf8').startsWith(`${pid}\n`),
    );
    process.kill(service as number, 'SIGKILL');
    expect(await start.exitCode()).toBe(2);
    expect(start.output).toMatch(
      /The service ended by itself \(signal SIGKILL\)\. The end of \.slipway.logs.service\.log:\n .*\n/,
    );
    expect(start.output).toContain('"msg":"listening"');
    expect(children.filter(isRunning)).toEqual([]);
    expect(await answers(consoleUrl)).toBe(false);
  });

  it('ends when PostgreSQL dies', async () => {
    const start = repo.start(options);
    const { children } = await start.ready();
    process.kill(
      Number.parseInt(readFileSync(inSlipway('postgres', 'data', 'postmaster.pid'), 'utf8'), 10),
      'SIGKILL',
    );
    expect(await start.exitCode()).toBe(2);
    expect(start.output).toContain('PostgreSQL ended by itself');
    expect(children.filter(isRunning)).toEqual([]);
  });

  it('kills everything at once at a second Ctrl-C', async () => {
    const start = repo.start(options);
    const { children } = await start.ready();
    // A service that does not react would be waited for.
    const data = readFileSync(inSlipway('postgres', 'data', 'postmaster.pid'), 'utf8');
    const service = children.find((pid) => !data.startsWith(`${pid}\n`)) as number;
    process.kill(service, 'SIGSTOP');
    const ended = start.exitCode();
    expect(
      await until(() => {
        start.signal('SIGINT');
        return !isRunning(start.pid);
      }, 5_000),
    ).toBe(true);
    expect(await ended).toBe(130);
    expect(await until(() => children.filter(isRunning).length === 0, 5_000)).toBe(true);
    expect(existsSync(inSlipway('start.lock'))).toBe(false);
  });

  it.each(['compile', 'database', 'service'])('can be stopped on its way, right after "%s"', async (step) => {
    const start = repo.start(options);
    expect(await until(() => start.output.includes(`✔ ${step}`), 15_000)).toBe(true);
    const children = childrenOf(start.pid);
    start.signal('SIGINT');
    expect(await start.exitCode()).toBe(0);
    expect(start.output).toMatch(/stopped after .*; nothing is left running\n$/);
    expect(children.filter(isRunning)).toEqual([]);
    expect(existsSync(inSlipway('start.lock'))).toBe(false);
  });

  it('says what is wrong with the config, and starts nothing', async () => {
    repo.edit('config/clusters.ts', "region: 'eu-west-1'", "region: 'eu-west-9'");
    const start = repo.start(options);
    expect(await start.exitCode()).toBe(2);
    expect(start.output).toMatch(/✖ compile +failed .*\n.*eu-west-9/);
    expect(readdirSync(inSlipway())).toEqual([]);
  });

  it('stops at what the check finds', async () => {
    repo.edit('apps/conduit.ts', 'env: { ', "env: { API_TOKEN: 'hunter2', ");
    const start = repo.start(options);
    expect(await start.exitCode()).toBe(1);
    expect(start.output).toMatch(/✖ check +failed .*\ndist\/<cluster>\/apps\/.*API_TOKEN.*\[no-secrets\]/);
    expect(existsSync(inSlipway('postgres'))).toBe(false);
  });

  it('refuses what is no port', async () => {
    const start = repo.start(['--port', '70000']);
    expect(await start.exitCode()).toBe(2);
    expect(start.output).toContain('allowed: a whole number from 1 to 65535.');
  });
});

describe('npm start -- --once', () => {
  it('rehearses a release and ends, leaving nothing', async () => {
    const start = repo.start([...options, '--once']);
    expect(await start.exitCode()).toBe(0);
    expect(start.output).toMatch(
      /✔ answers .*\n✔ release +\d+ new images? set in \d+ lines as Flux does; a fresh compile left all \d+ files as they were .*\n8 steps passed, everything stopped, in .*\n$/,
    );
    expect(readdirSync(inSlipway()).sort()).toEqual(['logs', 'session-key']);
  });

  it('fails with the reason when something does not work', async () => {
    const nobody = await getPort({ host: '127.0.0.1', reserve: true });
    const url = `postgres://somebody:secret@127.0.0.1:${nobody}/none`;
    const start = repo.start([...options, '--once'], { DATABASE_URL: url });
    expect(await start.exitCode()).toBe(1);
    expect(start.output).toMatch(
      /✖ service +failed .*\nthe database could not be prepared \(exit code 2\)\. The end of/,
    );
    expect(start.output).toMatch(/failed after 4 good steps; everything stopped/);
    expect(start.output).not.toContain('secret');
  });

  it('uses the database that DATABASE_URL names, and does not show its password', async () => {
    const url = new URL(process.env.TEST_DATABASE_URL as string);
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const name = `start_${process.pid}`;
    await client.query(`CREATE DATABASE ${name}`);
    try {
      const password = url.password;
      url.pathname = name;
      const start = repo.start([...options, '--once'], { DATABASE_URL: url.href });
      expect(await start.exitCode()).toBe(0);
      expect(start.output).toContain(`postgres://postgres:***@${url.host}/${name} (DATABASE_URL)`);
      expect(start.output).not.toContain(password);
      expect(existsSync(inSlipway('postgres-once'))).toBe(false);

      const fresh = repo.start([...options, '--fresh'], { DATABASE_URL: url.href });
      expect(await fresh.exitCode()).toBe(2);
      expect(fresh.output).toContain('DATABASE_URL names another');
    } finally {
      await client.query(`DROP DATABASE ${name}`);
      await client.end();
    }
  });
});
