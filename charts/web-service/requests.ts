// The users' requests to a web service, as the mesh counts them and as the rules record them, in PromQL. By these its
// objectives are kept and drawn.

import { meshIdentity } from '../platform.ts';
import { primaryName } from './pods.ts';
import type { Settings } from './settings.ts';

/** What is promised to users: that requests succeed, and that they are answered in time. */
export type Objective = 'success' | 'in-time';

/** The windows over which the share of bad requests is recorded. */
export const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
export type Window = (typeof WINDOWS)[number];

/**
 * The matchers of what users sent to any version of a service: what arrives at its port for requests, and not from the load
 * tester. Probes arrive at another port.
 *
 * @see https://linkerd.io/2-edge/reference/proxy-metrics/
 */
export function byUsers({ name, namespace, port, platform }: Settings): string {
  return [
    `namespace="${namespace}"`,
    `deployment=~"${name}|${primaryName(name)}"`,
    'direction="inbound"',
    `target_port="${port}"`,
    `client_id!="${meshIdentity(platform.loadTester, platform.meshNamespace)}"`,
  ].join(', ');
}

/** The Deployment whose pods serve between releases. */
export function servingDeployment({ name, release }: Settings): string {
  return release.strategy === 'rolling' ? name : primaryName(name);
}

/** What is recorded each minute: requests a second, and bad ones, over five minutes; one series for each version. */
export type Rate = 'web_service:requests:rate5m' | 'web_service:bad_requests:rate5m';

/** The share of bad requests over a window, of all versions together. */
export type Share = `web_service:bad_requests:ratio_rate${Window}`;

/**
 * A recorded series of a service.
 *
 * @param objective the one that is meant; with none, both
 * @param deployment the version that is meant; with none, all
 */
export function recorded(
  series: Rate | Share,
  { name, namespace }: Settings,
  { objective, deployment }: { objective?: Objective; deployment?: string } = {},
): string {
  const matchers = [`namespace="${namespace}"`, `service="${name}"`];
  if (objective !== undefined) matchers.push(`objective="${objective}"`);
  if (deployment !== undefined) matchers.push(`deployment="${deployment}"`);
  return `${series}{${matchers.join(', ')}}`;
}
