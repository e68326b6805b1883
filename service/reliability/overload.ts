/** Ten times the requests that the service can serve: does it stay quick, small and alive, and recover at once? */
import { setTimeout as wait } from 'node:timers/promises';
import { parsePrometheus, sampleOf } from '../src/testing/prometheus.ts';
import type { ServiceProcess } from '../src/testing.ts';
import { createConduitDatabase, stop } from './conduit.ts';
import { keepApart } from './cores.ts';
import { failed, failuresLine, type LoadReport, runLoad, type Visit } from './load.ts';
import type { Result, Surroundings } from './scenario.ts';
import { visitsOf } from './workload.ts';

export interface OverloadOptions extends Surroundings {
  /** How long the overload lasts. */
  readonly seconds: number;
  /** How many times what can be served is asked for. */
  readonly times: number;
}

export interface OverloadResult extends Result {
  /** As many requests as the service could serve at once. */
  readonly before: LoadReport;
  readonly during: LoadReport;
  /** Right after. */
  readonly after: LoadReport;
  readonly watched: Watched;
}

/** What the platform saw during the overload. */
interface Watched {
  /** The longest answer of `/readyz`, in milliseconds. */
  readonly slowestProbe: number;
  /** How many of its answers were not 200. */
  readonly badProbes: number;
  /** The most memory, in bytes. */
  readonly mostMemory: number;
  /** How many requests were turned away. */
  readonly shed: number;
}

/** Enough to keep two cores busy, few enough that nobody waits long. */
const CLIENTS = 16;
const MEASURING_SECONDS = 4;
const CONNECTIONS = 1_000;

/** What requests that were taken may take; the promise of the limits' defaults. */
const P99_MILLISECONDS = 1_000;

/** A thousand connections, each with a request that waits, take about 30 MB; the rest is what V8 has yet to clear up. */
const EXTRA_MEMORY_BYTES = 200e6;

/** Asks a single process for far more than it can do. */
export async function overload(options: OverloadOptions): Promise<OverloadResult> {
  const { postgresUrl, progress, seconds, times } = options;
  const database = await createConduitDatabase(await postgresUrl());
  // As in the image: else the memory of hashed passwords would hide what requests take.
  const service = await database.start({ MALLOC_ARENA_MAX: '1' });
  const letGo = keepApart(service.child.pid as number);
  try {
    const visits = await visitsOf(service.url);
    const serve = (length: number, what: string) => {
      progress(`${what}: ${CLIENTS} clients for ${length} s`);
      return runFor(length, { url: service.url, pace: { clients: CLIENTS }, visits });
    };
    await serve(MEASURING_SECONDS / 2, 'warming up');
    const before = await serve(MEASURING_SECONDS, 'what it can serve');
    const memoryBefore = (await figures(service)).memory;

    const perSecond = (times * before.requests) / before.seconds;
    progress(`overload: ${Math.round(perSecond)} requests a second for ${seconds} s`);
    const watching = watch(service);
    const pace = { perSecond, connections: CONNECTIONS };
    const during = await runFor(seconds, { url: service.url, pace, visits });
    const watched = await watching.end();
    const after = await serve(MEASURING_SECONDS, 'right after');
    const code = await stop(service);
    return {
      before,
      during,
      after,
      watched,
      ...judge({ before, during, after, watched, memoryBefore, code }, options),
    };
  } finally {
    letGo();
    await stop(service);
    await database.drop();
  }
}

function runFor(
  seconds: number,
  load: { url: string; pace: Parameters<typeof runLoad>[0]['pace']; visits: () => Visit },
): Promise<LoadReport> {
  const end = performance.now() + seconds * 1_000;
  return runLoad({ ...load, goesOn: () => performance.now() < end });
}

/** Asks what the platform asks, again and again. */
function watch(service: ServiceProcess): { end(): Promise<Watched> } {
  let watching = true;
  const probes: { status: number; milliseconds: number; memory: number }[] = [];
  const done = (async () => {
    while (watching) {
      const start = performance.now();
      const { status } = await fetch(`${service.managementUrl}/readyz`);
      const milliseconds = performance.now() - start;
      const { memory } = await figures(service);
      probes.push({ status, milliseconds, memory });
      await wait(200);
    }
  })();
  return {
    async end() {
      watching = false;
      await done;
      return {
        slowestProbe: Math.round(Math.max(...probes.map(({ milliseconds }) => milliseconds))),
        badProbes: probes.filter(({ status }) => status !== 200).length,
        mostMemory: Math.max(...probes.map(({ memory }) => memory)),
        shed: (await figures(service)).shed,
      };
    },
  };
}

async function figures({ managementUrl }: ServiceProcess): Promise<{ memory: number; shed: number }> {
  const samples = parsePrometheus(await (await fetch(`${managementUrl}/metrics`)).text());
  return {
    memory: sampleOf(samples, 'process_memory_usage_bytes') ?? Number.NaN,
    shed: sampleOf(samples, 'conduit_requests_shed_total') ?? Number.NaN,
  };
}

interface Measured extends Pick<OverloadResult, 'after' | 'before' | 'during' | 'watched'> {
  readonly memoryBefore: number;
  /** The service's exit code. */
  readonly code: number | null;
}

function judge(measured: Measured, { seconds, times }: OverloadOptions): Result {
  const { before, during, after, watched, memoryBefore, code } = measured;
  const rate = (load: LoadReport, count: number) => Math.round(count / load.seconds);
  const taken = during.requests - failed(during);
  const others = Object.keys(during.failures).filter((kind) => !kind.endsWith(' 503'));
  const offered = during.requests / seconds / (before.requests / before.seconds);
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  const problems = [
    ...(failed(before) === 0 ? [] : [`before the overload failed ${failuresLine(before)}`]),
    ...(offered > times * 0.9 ? [] : [`only ${offered.toFixed(1)} times as many requests could be made`]),
    ...(watched.shed > 0 ? [] : ['nothing was turned away, so there was no overload']),
    ...(others.length === 0 ? [] : [`besides being turned away failed ${failuresLine(during)}`]),
    ...(during.latency.p99 < P99_MILLISECONDS ? [] : [`P99 was ${during.latency.p99} ms`]),
    ...(watched.badProbes === 0 ? [] : [`${watched.badProbes} probes were not answered with 200`]),
    ...(watched.slowestProbe < P99_MILLISECONDS ? [] : [`a probe took ${watched.slowestProbe} ms`]),
    ...(watched.mostMemory < memoryBefore + EXTRA_MEMORY_BYTES
      ? []
      : [`memory grew from ${megabytes(memoryBefore)} to ${megabytes(watched.mostMemory)} MB`]),
    ...(failed(after) === 0 ? [] : [`after the overload failed ${failuresLine(after)}`]),
    ...(code === 0 ? [] : [`the service ended with ${code}`]),
  ];
  return {
    measured: `${offered.toFixed(1)} times the ${rate(before, before.requests)} requests a second that it can serve, for ${seconds} s: of ${during.requests} it took ${taken} (${rate(during, taken)} a second, P99 ${during.latency.p99} ms) and turned the others away; /readyz took at most ${watched.slowestProbe} ms; memory ${megabytes(memoryBefore)} MB before, at most ${megabytes(watched.mostMemory)} MB during; right after ${rate(after, after.requests)} a second, ${failed(after)} failed`,
    problems,
  };
}
