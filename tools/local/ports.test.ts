import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { choosePort } from './ports.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function take(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
}

/** A port that is free, as are the two after it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = await getPort();
    const next = [await getPort({ port: port + 1 }), await getPort({ port: port + 2 })];
    if (next[0] === port + 1 && next[1] === port + 2) return port;
  }
}

it('is the wanted one where that is free', async () => {
  const wanted = 20_000 + (process.pid % 20_000);
  const { port, note } = await choosePort(wanted);
  expect(note === '').toBe(port === wanted);
});

it('is the next free one where the wanted one is taken, and says so', async () => {
  const wanted = await freePort();
  await take(wanted);
  const { port, note } = await choosePort(wanted, [wanted + 1]);
  expect(port).toBeGreaterThan(wanted + 1);
  expect(note).toBe(`${wanted} is taken: ${port}`);
});

it('stays within the ports there are', async () => {
  expect((await choosePort(65_535)).port).toBeLessThanOrEqual(65_535);
});
