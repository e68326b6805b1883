import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { createGracefulServer } from './graceful-server.ts';
import { QUIET } from './testing.ts';

describe('a server that closes', () => {
  test('does not wait for a client that keeps its connection after an answer that had begun before', async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    const graceful = createGracefulServer((_request, response) => {
      response.writeHead(200, { 'content-length': 4 }).write('ab');
      begun.resolve(response);
    }, QUIET);
    graceful.server.listen(0, '127.0.0.1');
    await once(graceful.server, 'listening');
    const client = connect((graceful.server.address() as AddressInfo).port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
    const response = await begun.promise;
    const closed = graceful.close();
    response.end('cd');
    await closed;
    const [received] = await Promise.all([client.toArray(), once(client, 'end')]);
    expect(Buffer.concat(received).toString()).toMatch(/Connection: keep-alive.*\r\n\r\nabcd$/s);
  });
});
