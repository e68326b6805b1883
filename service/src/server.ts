/** The running service: two servers, a way to stop them without dropping a request. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { openPool, type Pool } from './database/pool.ts';
import type { DatabaseSettings } from './database/settings.ts';
import { OperatorError } from './errors.ts';
import { createGracefulServer } from './graceful-server.ts';
import { createHealth } from './health.ts';
import { shedLoad } from './load-shedding.ts';
import type { Logger } from './log.ts';
import { createManagementApp } from './management.ts';
import { createMetrics } from './metrics.ts';
import { observeRequests } from './observe.ts';
import { releaseHeaders, withHeaders } from './release.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { servesPages } from './target.ts';
import { STYLESHEET } from './web/assets.ts';
import { busyPage } from './web/busy-page.ts';

/** A service that takes requests. */
export interface Service {
  /** The application's port. */
  readonly port: number;
  readonly managementPort: number;
  /**
   * Stops: not ready at once, still serving for `drainSeconds`, then no new connections, until every request is
   * answered and the database let go.
   */
  stop(options: { drainSeconds: number }): Promise<void>;
}

/**
 * Starts both servers.
 *
 * @param readers what takes the metrics elsewhere, besides Prometheus
 * @throws {@link OperatorError} when a port can't be had
 */
export async function startService(
  config: Config,
  log: Logger,
  readers: readonly IMetricReader[] = [],
): Promise<Service> {
  const pools = config.database && openPools(config.database, log);
  const metrics = createMetrics(config, readers);
  if (pools !== undefined) metrics.watchPool(pools.requests);
  const shedding = shedLoad({
    limits: config.load,
    pool: pools?.requests,
    headers: { ...SECURITY_HEADERS, ...releaseHeaders(config) },
    page: servesPages(config.target) ? busyPage({ ...config, stylesheet: STYLESHEET }) : undefined,
    onShed: metrics.requestShed,
    log,
  });
  const before = [withHeaders(releaseHeaders(config)), observeRequests(metrics, log)];
  if (config.faults !== undefined) {
    const { injectFaults } = await import('./fault-injection.ts');
    before.push(injectFaults(config.faults, log));
  }
  const health = createHealth(pools?.health, log);
  const application = createGracefulServer(
    shedding.guard(createApp({ config, database: pools?.requests, log, before })),
    log,
  );
  const management = createGracefulServer(createManagementApp(health, metrics), log);

  async function letGo(): Promise<void> {
    shedding.stop();
    await Promise.all([pools?.requests.end(), pools?.health.end()]);
  }

  try {
    await listen(application.server, config.host, config.port, 'PORT');
    await listen(management.server, config.host, config.managementPort, 'MANAGEMENT_PORT');
  } catch (error) {
    if (application.server.listening) await application.close();
    await letGo();
    throw error;
  }
  // Says at the start, in the log, what is missing; the service starts all the same and becomes ready when it can.
  void health.check();

  return {
    port: portOf(application.server),
    managementPort: portOf(management.server),
    async stop({ drainSeconds }) {
      application.drain();
      health.drain();
      await health.check();
      await wait(drainSeconds * 1_000);
      await application.close();
      await letGo();
      // Last, so that the platform sees a live process until the end.
      await management.close();
      metrics.stop();
    },
  };
}

/** Connections for users' requests, and one for the question whether the database is there. */
function openPools(settings: DatabaseSettings, log: Logger): { requests: Pool; health: Pool } {
  return {
    requests: openPool(settings, log, { max: settings.poolSize, name: 'conduit' }),
    health: openPool(settings, log, {
      max: 1,
      name: 'conduit-health',
      connectMilliseconds: 2_000,
      queryMilliseconds: 2_000,
    }),
  };
}

/**
 * Connections that wait to be taken, at the most; the system may allow fewer. One that finds no room tries again after a
 * second, then after three, so a burst of visitors would wait that long.
 */
const BACKLOG = 4_096;

async function listen(server: Server, host: string, port: number, variable: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const reason = REASONS[error.code ?? ''];
    reject(reason === undefined ? error : new OperatorError(`${variable}: ${host}:${port} ${reason}`));
  });
  server.listen({ port, host, backlog: BACKLOG }, resolve);
  await promise;
}

const REASONS: Record<string, string> = {
  EADDRINUSE: 'is taken by another process; allowed is a free port, or 0 for any',
  EACCES: 'needs rights that this process has not; allowed is a port from 1024',
  EADDRNOTAVAIL: 'is no address of this machine; see HOST',
  ENOTFOUND: 'is no address of this machine; see HOST',
};

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
