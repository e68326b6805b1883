import { once } from 'node:events';
import { Agent, createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PartUrls } from '../api/over-http.ts';
import { OPERATIONS } from '../contract/operations.ts';

/** One entry before several services, as the platform's route is. */
export interface FanOut {
  readonly url: string;
  close(): Promise<void>;
}

/** Where each target answers. */
export type TargetUrls = PartUrls & { readonly web: string };

/** Which part answers what lies below `/api/<name>`: whole names, so that no path is two parts'. */
const PARTS = new Map(OPERATIONS.map(({ path, part }) => [path.split('/')[1], part]));

/** The target that answers a path; all that is no part's is the pages'. */
export function targetOf(path: string): keyof TargetUrls {
  return PARTS.get(/^\/api\/([^/?]+)/.exec(path)?.[1]) ?? 'web';
}

/** Shorter than any service drains, so that none closes a connection just as it is used again. */
const IDLE_MILLISECONDS = 1_000;

/** Starts a plain proxy that sends each request to the service which its path names, and says so when that is away. */
export async function startFanOut(urls: TargetUrls): Promise<FanOut> {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MILLISECONDS });
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url: path = '/' } = incoming;
    const target = targetOf(path);
    const { hostname, port } = new URL(urls[target]);
    const passed = request({ agent, hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode as number, answer.rawHeaders);
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
    });
    passed.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      else unavailable(outgoing, target);
    });
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) passed.destroy();
    });
    incoming.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

/** In the words of the API, which whoever calls it has to be able to read. */
function unavailable(outgoing: ServerResponse, target: keyof TargetUrls): void {
  const errors = { [target]: ['is not available; please try again in a moment'] };
  outgoing
    .writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' })
    .end(JSON.stringify({ errors }));
}
