import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PartUrls } from '../api/over-http.ts';

/** One entry before several services, as the platform's route is. */
export interface FanOut {
  readonly url: string;
  close(): Promise<void>;
}

/** Which part answers what begins with a path; all else is the pages'. */
const PATHS: readonly (readonly [prefix: RegExp, part: keyof PartUrls])[] = [
  [/^\/api\/(users?|profiles)(?=[/?]|$)/, 'auth'],
  [/^\/api\/(articles|tags)(?=[/?]|$)/, 'content'],
  [/^\/api\/recommendations(?=[/?]|$)/, 'recommendations'],
];

/** Starts a plain proxy that sends each request to the service which its path names. */
export async function startFanOut(urls: PartUrls & { readonly web: string }): Promise<FanOut> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const part = PATHS.find(([prefix]) => prefix.test(path))?.[1] ?? 'web';
    const { hostname, port } = new URL(urls[part]);
    const { method, headers } = incoming;
    const passed = request({ hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    passed.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    incoming.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
