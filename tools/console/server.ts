import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { html } from 'ghtml';
import type { Config } from '../../config/load.ts';
import { subjectsOfDist } from '../lib/canary/report/from-dist.ts';
import type { Subject } from '../lib/canary/report/subject.ts';
import type { Manifest } from '../lib/dist/manifests.ts';
import { UserError } from '../lib/user-error.ts';
import { asset } from './assets.ts';
import { canariesPage, canaryPage, clusterOf } from './canary-page.ts';
import { changesPage, readChanges } from './changes-page.ts';
import { clusterPage } from './cluster-page.ts';
import { buildFleet, type Fleet } from './fleet.ts';
import { fleetPage } from './fleet-page.ts';
import { type Answer, type Asked, HEADERS, HTML, handle, type Stream, seeOther } from './http.ts';
import { findObjects, objectPage, yamlOf } from './object-page.ts';
import { type PageProps, page } from './page.ts';
import { PromotionReader } from './promotion.ts';
import { ConfigReader } from './read-config.ts';
import { DistReader } from './read-dist.ts';
import { Rehearsals } from './rehearsals.ts';
import { readChoice, rehearsePage, runEvent } from './rehearse-page.ts';
import { searchPage } from './search-page.ts';

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
  /** Ends it, and a rehearsal with it. */
  stop(): Promise<void>;
}

/** How often a browser that waits for events is told that we are still here, in milliseconds. */
const HEARTBEAT = 15_000;

/** Starts the console on 127.0.0.1. Each request reads `dist/` and the config anew, so a reload shows a new compile. */
export async function startConsole({ root, port = 0, serviceUrl }: ConsoleProps): Promise<Console> {
  // What makes short commands start faster makes plans and rehearsals slower.
  setFlagsFromString('--opt');
  const pages = new Pages(root, serviceUrl);
  const fleet = await pages.fleet();
  const server = createServer(
    (request, response) =>
      void handle(
        request,
        response,
        (asked) => pages.answer(asked),
        (path) => pages.notFound(path),
      ),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    fleet,
    async stop() {
      await Promise.all([
        pages.rehearsals.stop(),
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
      ]);
    },
  };
}

/** What stands on the disk at a request. */
interface Now {
  readonly config: Config;
  readonly manifests: readonly Manifest[];
  /** What every page shows of it. */
  readonly around: Pick<PageProps, 'domain' | 'problem' | 'serviceUrl'>;
}

/** The pages by their addresses. */
class Pages {
  readonly rehearsals: Rehearsals;
  readonly #root: string;
  readonly #serviceUrl: string | undefined;
  readonly #config: ConfigReader;
  readonly #dist: DistReader;
  readonly #promotion: PromotionReader;

  constructor(root: string, serviceUrl: string | undefined) {
    this.#root = root;
    this.#serviceUrl = serviceUrl;
    this.#config = new ConfigReader(root);
    this.#dist = new DistReader(join(root, 'dist'));
    this.#promotion = new PromotionReader(root);
    this.rehearsals = new Rehearsals(root);
  }

  /** What there is; it also begins to read git's history, so that the first page need not wait. */
  async fleet(): Promise<Fleet> {
    const { config, manifests } = await this.#now();
    await this.#promotion.read(config);
    return buildFleet(config, manifests);
  }

  async answer(asked: Asked): Promise<Answer | Stream | undefined> {
    const [first, ...rest] = asked.path;
    if (asked.method === 'POST') return first === 'rehearse' ? this.#command(rest, asked.form) : undefined;
    switch (first) {
      case undefined:
        return this.#fleetPage();
      case 'clusters':
        return this.#clusterOrObject(rest);
      case 'canaries':
        return this.#canary(rest);
      case 'rehearse':
        return this.#rehearse(rest);
    }
    if (rest.length > 0) return undefined;
    if (first === 'search') return this.#search(asked.query.get('q') ?? '');
    if (first === 'changes') return this.#changes((asked.query.get('base') ?? '').trim());
    return asset(first);
  }

  async notFound(path: string): Promise<Answer> {
    const { around } = await this.#now();
    const body = html`<div class="intro"><h1>Not found</h1></div><p>There is no page ${path}. <a href="/">To the fleet</a></p>`;
    return { ...this.#page(around, { title: 'Not found', body }), status: 404 };
  }

  async #fleetPage(): Promise<Answer> {
    const { config, manifests, around } = await this.#now();
    const body = fleetPage(buildFleet(config, manifests), await this.#promotion.read(config));
    return this.#page(around, { title: 'Slipway: fleet', view: '/', body });
  }

  async #clusterOrObject([name, ...rest]: readonly string[]): Promise<Answer | undefined> {
    const { config, manifests, around } = await this.#now();
    const cluster = buildFleet(config, manifests).clusters.find((one) => one.name === name);
    if (cluster === undefined) return undefined;
    if (rest.length === 0) {
      const title = `${cluster.name} · Slipway`;
      return this.#page(around, { title, view: '/', body: clusterPage(cluster) });
    }
    const [what, kind = '', namespace = '', object = '', ...more] = rest;
    if (what !== 'objects' || more.length > 0) return undefined;
    const address = { cluster: cluster.name, kind, namespace, name: object };
    const found = findObjects(manifests, address);
    if (found.length === 0) return undefined;
    const body = await objectPage(join(this.#root, 'dist'), address, found);
    return this.#page(around, { title: `${kind} ${object} · Slipway`, view: '/', body });
  }

  async #search(query: string): Promise<Answer> {
    const { config, manifests, around } = await this.#now();
    const body = searchPage(buildFleet(config, manifests), query);
    return this.#page(around, { title: 'Search · Slipway', search: query, body });
  }

  async #changes(ref: string): Promise<Answer> {
    const [{ around }, changes] = await Promise.all([this.#now(), readChanges(this.#root, ref)]);
    const body = changesPage(changes, ref);
    return this.#page(around, { title: 'Changes · Slipway', view: '/changes', body });
  }

  async #canary([cluster, namespace, name, ...more]: readonly string[]): Promise<Answer | undefined> {
    const now = await this.#now();
    const subjects = subjectsOf(now);
    const view = '/canaries';
    if (cluster === undefined) {
      return this.#page(now.around, { title: 'Canaries · Slipway', view, body: canariesPage(subjects) });
    }
    const subject = subjects.find(
      (one) => clusterOf(one) === cluster && one.read.namespace === namespace && one.read.name === name,
    );
    if (subject === undefined || namespace === undefined || name === undefined || more.length > 0)
      return undefined;
    const [manifest] = findObjects(now.manifests, { cluster, kind: 'Canary', namespace, name });
    if (manifest === undefined) return undefined;
    const body = canaryPage(subject, manifest, await yamlOf(join(this.#root, 'dist'), manifest));
    return this.#page(now.around, {
      title: `${name} · Canaries · Slipway`,
      view,
      script: '/canary.js',
      body,
    });
  }

  async #rehearse([what, ...more]: readonly string[]): Promise<Answer | Stream | undefined> {
    if (what === 'events' && more.length === 0) return this.#events;
    return what === undefined ? this.#rehearsePage() : undefined;
  }

  async #rehearsePage(problem?: string): Promise<Answer> {
    const now = await this.#now();
    const body = rehearsePage(subjectsOf(now), this.rehearsals.last, problem);
    return this.#page(now.around, {
      title: 'Rehearse · Slipway',
      view: '/rehearse',
      script: '/rehearse.js',
      body,
    });
  }

  async #command([what, ...more]: readonly string[], form: URLSearchParams): Promise<Answer | undefined> {
    if (more.length > 0) return undefined;
    if (what === 'start') {
      try {
        this.rehearsals.start(readChoice(form, subjectsOf(await this.#now())));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { ...(await this.#rehearsePage(error.message)), status: 409 };
      }
      return seeOther('/rehearse');
    }
    if (what !== 'stop') return undefined;
    // The page shows how it ends.
    void this.rehearsals.stop();
    return seeOther('/rehearse');
  }

  /** Tells a browser where the rehearsal stands, and again at each change. */
  readonly #events: Stream = (response) => {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    const tell = () =>
      void response.write(`event: run\ndata: ${JSON.stringify(runEvent(this.rehearsals.last))}\n\n`);
    const unwatch = this.rehearsals.watch(tell);
    const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT);
    response.once('close', () => {
      unwatch();
      clearInterval(heartbeat);
    });
    tell();
  };

  async #now(): Promise<Now> {
    const [{ config, problem }, manifests] = await Promise.all([this.#config.read(), this.#dist.read()]);
    const { domain } = config.platform;
    const serviceUrl = this.#serviceUrl;
    return {
      config,
      manifests,
      around: { domain, ...(problem && { problem }), ...(serviceUrl && { serviceUrl }) },
    };
  }

  #page(around: Now['around'], props: Omit<PageProps, 'domain'>): Answer {
    return { status: 200, type: HTML, body: page({ ...around, ...props }) };
  }
}

function subjectsOf({ manifests, config }: Now): Subject[] {
  return subjectsOfDist(manifests, config.platform);
}
