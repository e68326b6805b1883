/** Conduit as four processes: each behind an address that outlives it, and all behind one entry. */
import { startFanOut } from '../src/testing/fan-out.ts';
import type { ServiceProcess } from '../src/testing.ts';
import { type ConduitDatabase, stop } from './conduit.ts';
import type { Front } from './proxy.ts';
import { startTcpBalancer } from './tcp-balancer.ts';

/** What one process of the four does. */
export type FleetTarget = (typeof FLEET_TARGETS)[number];

/** The four, in the order in which they are started: the pages need the others' addresses. */
export const FLEET_TARGETS = ['auth', 'content', 'recommendations', 'web'] as const;

/** Four processes that serve together. */
export interface Fleet {
  /** The entry. */
  readonly url: string;
  /** The process of a target. */
  process(target: FleetTarget): ServiceProcess;
  /** Starts another process for a target, and waits until it is ready; the one before is sent nothing more. */
  replace(target: FleetTarget): Promise<{ readonly before: ServiceProcess }>;
  stop(): Promise<void>;
}

/** Starts four processes on a database. @param settings their environment, besides the database's address */
export async function startFleet(
  database: ConduitDatabase,
  settings: Readonly<Record<string, string>> = {},
): Promise<Fleet> {
  const fronts = new Map<FleetTarget, Front>();
  const processes = new Map<FleetTarget, ServiceProcess>();
  const front = (target: FleetTarget) => fronts.get(target) as Front;
  const process = (target: FleetTarget) => processes.get(target) as ServiceProcess;

  async function start(target: FleetTarget): Promise<void> {
    const parts = FLEET_TARGETS.filter((other) => target === 'web' && other !== 'web');
    const urls = parts.map((part) => [`${part.toUpperCase()}_URL`, front(part).url]);
    const started = await database.start({ ...settings, ...Object.fromEntries(urls) }, [
      `--target=${target}`,
    ]);
    processes.set(target, started);
    await front(target).add(started);
  }

  for (const target of FLEET_TARGETS) {
    fronts.set(target, await startTcpBalancer());
    await start(target);
  }
  const urlOf = (target: FleetTarget) => front(target).url;
  const entry = await startFanOut({
    auth: urlOf('auth'),
    content: urlOf('content'),
    recommendations: urlOf('recommendations'),
    web: urlOf('web'),
  });
  return {
    url: entry.url,
    process,
    async replace(target) {
      const before = process(target);
      await start(target);
      front(target).remove(before);
      return { before };
    },
    async stop() {
      await entry.close();
      await Promise.all([...processes.values()].map(stop));
      await Promise.all([...fronts.values()].map((one) => one.close()));
    },
  };
}
