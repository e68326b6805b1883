/** Releases one after the other, at full load: does any request fail? */
import type { ServiceProcess } from '../src/testing.ts';
import { createConduitDatabase, stop } from './conduit.ts';
import { failed, failuresLine, type LoadReport, runLoad } from './load.ts';
import { startProxy } from './proxy.ts';
import type { Result, Surroundings } from './scenario.ts';
import { startTcpBalancer } from './tcp-balancer.ts';
import { visitsOf } from './workload.ts';

export interface RollingRestartsOptions extends Surroundings {
  /** Of each sort of client, at least. */
  readonly requests: number;
  /** Releases under way of each sort of client; in each both processes are replaced, one after the other. */
  readonly restarts: number;
}

export interface RollingRestartsResult extends Result {
  readonly rounds: readonly Round[];
}

/** What one sort of client saw. */
export interface Round {
  readonly clients: string;
  readonly load: LoadReport;
  /** Of clients that send now and then, over a connection that they hold. */
  readonly idlers: LoadReport | undefined;
  /** How many requests the proxy repeated. */
  readonly repeated: number;
  /** The exit codes of the processes that were replaced. */
  readonly exitCodes: readonly (number | null)[];
}

/** Ways to come to the service. */
const SORTS = [
  { clients: 'a connection for each request, through a proxy', front: startProxy, keepAlive: false },
  { clients: 'connections that are held, through a proxy', front: startProxy, keepAlive: true },
  { clients: 'connections that are held, straight to a process', front: startTcpBalancer, keepAlive: true },
] as const;

/** More would only wait for each other: two cores, shared with the database and the clients. */
const CLIENTS = 24;
const IDLERS = 12;

/** Shorter than the drain time: who sends less often finds its connection closed, and makes another. */
const IDLERS_PAUSE_MILLISECONDS = 700;
const DRAIN_SECONDS = 2;

/** Replaces processes again and again while clients of every sort send all they can. */
export async function rollingRestarts(options: RollingRestartsOptions): Promise<RollingRestartsResult> {
  const database = await createConduitDatabase(await options.postgresUrl());
  try {
    const rounds: Round[] = [];
    for (const sort of SORTS)
      rounds.push(
        await round(sort, options, (version) =>
          database.start({ VERSION: version, DRAIN_SECONDS: String(DRAIN_SECONDS) }),
        ),
      );
    return { rounds, ...judge(rounds, options) };
  } finally {
    await database.drop();
  }
}

async function round(
  { clients, front, keepAlive }: (typeof SORTS)[number],
  { requests, restarts, progress }: RollingRestartsOptions,
  start: (version: string) => Promise<ServiceProcess>,
): Promise<Round> {
  const proxy = await front();
  let running: readonly ServiceProcess[] = await Promise.all([start('1.0.0'), start('1.0.0')]);
  const exitCodes: (number | null)[] = [];
  try {
    await Promise.all(running.map((service) => proxy.add(service)));
    const visits = await visitsOf(proxy.url);
    let released = false;
    let sent = 0;
    const goesOn = () => !released || sent < requests;
    const load = runLoad({
      url: proxy.url,
      pace: { clients: CLIENTS },
      visits,
      keepAlive,
      goesOn: (count) => {
        sent = count;
        return goesOn();
      },
    });
    const idlers = keepAlive
      ? runLoad({
          url: proxy.url,
          pace: { clients: IDLERS, pauseMilliseconds: IDLERS_PAUSE_MILLISECONDS },
          visits,
          goesOn,
        })
      : undefined;
    for (let release = 1; release <= restarts; release += 1) {
      const replaced: ServiceProcess[] = [];
      for (const old of running) {
        progress(`${clients}: release ${release} of ${restarts}, ${sent} requests`);
        const fresh = await start(`1.0.${release}`);
        await proxy.add(fresh);
        exitCodes.push(await stop(old));
        proxy.remove(old);
        replaced.push(fresh);
      }
      running = replaced;
    }
    released = true;
    progress(`${clients}: ${sent} of ${requests} requests`);
    return { clients, load: await load, idlers: await idlers, repeated: proxy.repeated(), exitCodes };
  } finally {
    await proxy.close();
    await Promise.all(running.map(stop));
  }
}

function judge(rounds: readonly Round[], { requests, restarts }: RollingRestartsOptions): Result {
  const loads = rounds.flatMap(({ load, idlers }) => (idlers === undefined ? [load] : [load, idlers]));
  const sent = loads.reduce((sum, load) => sum + load.requests, 0);
  const lost = loads.reduce((sum, load) => sum + failed(load), 0);
  const problems = rounds.flatMap(({ clients, load, idlers, exitCodes }) => [
    ...(failed(load) === 0 ? [] : [`${clients}: failed were ${failuresLine(load)}`]),
    ...(idlers === undefined || failed(idlers) === 0
      ? []
      : [`${clients}, sending now and then: failed were ${failuresLine(idlers)}`]),
    ...(exitCodes.length === 2 * restarts && exitCodes.every((code) => code === 0)
      ? []
      : [`${clients}: exit codes ${exitCodes.join(', ')}`]),
    ...(load.requests < requests ? [`${clients}: only ${load.requests} requests`] : []),
    // Else nobody was asked anything while it was replaced.
    ...(Object.keys(load.versions).length < restarts + 1 ? [`${clients}: not every release answered`] : []),
  ]);
  const slowest = Math.max(...loads.map(({ latency }) => latency.p99));
  return {
    measured: `${lost} of ${sent} requests failed over ${restarts * rounds.length} rolling restarts of two processes; P99 at most ${slowest} ms; by sort of client: ${rounds.map(({ clients, load, repeated }) => `${clients}: ${load.requests} (${repeated} repeated)`).join('; ')}`,
    problems,
  };
}
