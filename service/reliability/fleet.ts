/** Conduit as four processes: each behind an address that outlives it, and all behind one entry. */
import { startFanOut } from '../src/testing/fan-out.ts';
import type { ServiceProcess } from '../src/testing.ts';
import { type ConduitDatabase, stop } from './conduit.ts';
import type { Front } from './proxy.ts';
import { startTcpBalancer } from './tcp-balancer.ts';

/** What one process of the four does. */
export type FleetTarget = (typeof FLEET_TARGETS)[number];

const PARTS = ['auth', 'content', 'recommendations'] as const;

/** The four: the parts of the API, and the pages. */
export const FLEET_TARGETS = [...PARTS, 'web'] as const;

/** Four processes that serve together. */
export interface Fleet {
  /** The entry. */
  readonly url: string;
  /** The process of a target. */
  process(target: FleetTarget): ServiceProcess;
  /**
   * Starts another process for a target, and waits until it is ready; the one before is sent nothing more.
   *
   * @returns the one before, which may still run
   */
  replace(target: FleetTarget): Promise<ServiceProcess>;
  stop(): Promise<void>;
}

/** How the processes are started. */
export interface FleetOptions {
  /** Their environment, besides the database's address. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The file that a target runs. @default this release's own for all */
  readonly mains?: Partial<Readonly<Record<FleetTarget, string>>>;
}

/** Starts four processes on a database. */
export async function startFleet(
  database: ConduitDatabase,
  { settings = {}, mains = {} }: FleetOptions = {},
): Promise<Fleet> {
  const fronts = new Map<FleetTarget, Front>();
  const processes = new Map<FleetTarget, ServiceProcess>();
  const urlOf = (target: FleetTarget) => (fronts.get(target) as Front).url;
  const process = (target: FleetTarget) => processes.get(target) as ServiceProcess;

  async function start(target: FleetTarget): Promise<void> {
    const urls = target === 'web' ? PARTS.map((part) => [`${part.toUpperCase()}_URL`, urlOf(part)]) : [];
    const env = { ...settings, ...Object.fromEntries(urls) };
    const started = await database.start(env, [`--target=${target}`], mains[target]);
    processes.set(target, started);
    await fronts.get(target)?.add(started);
  }

  for (const target of FLEET_TARGETS) fronts.set(target, await startTcpBalancer());
  await Promise.all(FLEET_TARGETS.map(start));
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
      fronts.get(target)?.remove(before);
      return before;
    },
    async stop() {
      await entry.close();
      await Promise.all([...processes.values()].map(stop));
      await Promise.all([...fronts.values()].map((front) => front.close()));
    },
  };
}
