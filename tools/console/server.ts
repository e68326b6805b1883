import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { html } from 'ghtml';
import { UserError } from '../lib/user-error.ts';
import { clusterPage } from './cluster-page.ts';
import { buildFleet, type Fleet } from './fleet.ts';
import { fleetPage } from './fleet-page.ts';
import { highlightCss } from './highlight-css.ts';
import { type PageProps, page } from './page.ts';
import { ConfigReader } from './read-config.ts';
import { DistReader } from './read-dist.ts';

/** Which console to start. */
export interface ConsoleProps {
  /** The repo. */
  readonly root: string;
  /** @default any free port */
  readonly port?: number;
  /** Where the service answers. @default none runs, and there is no link to it */
  readonly serviceUrl?: string;
}

/** The web console, serving this machine. */
export interface Console {
  readonly url: string;
  readonly port: number;
  /** What it showed when it started. */
  readonly fleet: Fleet;
  stop(): Promise<void>;
}

const HEADERS = {
  // Nothing runs and nothing is loaded but our two stylesheets and the icon.
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  // Each page shows what is on the disk now.
  'cache-control': 'no-store',
};

const CSS = 'text/css; charset=utf-8';
const HTML = 'text/html; charset=utf-8';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Starts the console on 127.0.0.1. Each request reads `dist/` and the config anew, so a reload shows a new compile. */
export async function startConsole({ root, port = 0, serviceUrl }: ConsoleProps): Promise<Console> {
  const config = new ConfigReader(root);
  const dist = new DistReader(join(root, 'dist'));
  const domain = async () => (await config.read()).config.platform.domain;

  async function fleetNow(): Promise<
    { fleet: Fleet } & Pick<PageProps, 'domain' | 'problem' | 'serviceUrl'>
  > {
    const [{ config: now, problem }, manifests] = await Promise.all([config.read(), dist.read()]);
    const { domain } = now.platform;
    return {
      fleet: buildFleet(now, manifests),
      domain,
      ...(problem && { problem }),
      ...(serviceUrl && { serviceUrl }),
    };
  }

  async function answer(path: string): Promise<Answer> {
    switch (path) {
      case '/': {
        const { fleet, ...around } = await fleetNow();
        return {
          status: 200,
          type: HTML,
          body: page({ ...around, title: 'Slipway: fleet', body: fleetPage(fleet) }),
        };
      }
      case '/style.css':
        return { status: 200, type: CSS, body: await asset('style.css') };
      case '/highlight.css':
        return { status: 200, type: CSS, body: highlightCss() };
      case '/favicon.svg':
        return { status: 200, type: 'image/svg+xml', body: await asset('favicon.svg') };
    }
    const name = /^\/clusters\/([^/]+)$/.exec(path)?.[1];
    if (name !== undefined) {
      const { fleet, ...around } = await fleetNow();
      const cluster = fleet.clusters.find((one) => one.name === decoded(name));
      if (cluster !== undefined) {
        const title = `${cluster.name} · Slipway`;
        return { status: 200, type: HTML, body: page({ ...around, title, body: clusterPage(cluster) }) };
      }
    }
    const body = html`<div class="intro"><h1>Not found</h1></div><p>There is no page ${path}. <a href="/">To the fleet</a></p>`;
    return {
      status: 404,
      type: HTML,
      body: page({ domain: await domain(), title: 'Not found', body }),
    };
  }

  const { fleet } = await fleetNow();
  const server = createServer((request, response) => void handle(request, response, answer));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    fleet,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (path: string) => Promise<Answer>,
): Promise<void> {
  const { status, type, body } = await judge(request, answer);
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function judge(request: IncomingMessage, answer: (path: string) => Promise<Answer>): Promise<Answer> {
  const text = (status: number, body: string) => ({
    status,
    type: 'text/plain; charset=utf-8',
    body: `${body}\n`,
  });
  // A page of another site could make its name point here, and then read what we answer.
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) return text(403, 'only for this machine');
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'there is only reading here');
  try {
    return await answer(new URL(request.url ?? '/', 'http://localhost').pathname);
  } catch (error) {
    if (error instanceof UserError) return text(500, error.message);
    return text(500, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function asset(name: string): Promise<string> {
  return readFile(new URL(`./${name}`, import.meta.url), 'utf8');
}
