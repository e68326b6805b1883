import { appSettings, ringOfCluster } from '../../../../config/per-ring.ts';
import type { AppSettings, Platform, Risk } from '../../../../config/schema.ts';
import type { Manifest } from '../../dist/manifests.ts';
import { isCanary, readCanary, templatesOf } from '../read/read-canary.ts';
import { DEFAULT_LIMITS, DEFAULT_REQUESTS_PER_SECOND, type Limits, type Subject } from './subject.ts';

/**
 * The Canaries of `dist/`, with the traffic and the limits that the config gives their apps.
 *
 * @param manifests all objects of `dist/`, as compiled or as read
 */
export function subjectsOfDist(manifests: readonly Manifest[], platform: Platform): Subject[] {
  const byCluster = Map.groupBy(manifests, ({ cluster }) => cluster);
  return [...byCluster].flatMap(([cluster, all]) => {
    const templates = templatesOf(all.map(({ object }) => object));
    return all
      .filter(({ object }) => isCanary(object))
      .map(({ file, object }): Subject => {
        const read = readCanary(object, templates);
        const app = /^[^/]+\/apps\/([^/]+)\//.exec(file)?.[1] ?? read.namespace;
        const settings = settingsOf(platform, cluster, app);
        return {
          where: `dist/${file}`,
          title: `${cluster}/${read.name}`,
          group: `${cluster}/${app}`,
          read,
          traffic: trafficOf(settings, read.name),
          limits: limitsOf(platform.risk, settings?.risk),
        };
      });
  });
}

function settingsOf(platform: Platform, cluster: string, app: string): AppSettings | undefined {
  const ring = ringOfCluster(platform, cluster);
  return ring === undefined || !Object.hasOwn(platform.apps, app)
    ? undefined
    : appSettings(platform, app, ring);
}

function trafficOf(settings: AppSettings | undefined, service: string): Subject['traffic'] {
  const { requestsPerSecond, services } = settings?.traffic ?? {};
  const said = services?.[service] ?? requestsPerSecond;
  return { requestsPerSecond: said ?? DEFAULT_REQUESTS_PER_SECOND, isAssumed: said === undefined };
}

/** Of what the app does not say, the platform's. */
export function limitsOf(platform: Risk | undefined, app?: Risk): Limits {
  const healthy = app?.healthyRolledBackPercent ?? platform?.healthyRolledBackPercent;
  const broken = app?.brokenPromotedPercent ?? platform?.brokenPromotedPercent;
  return {
    healthyRolledBack: healthy === undefined ? DEFAULT_LIMITS.healthyRolledBack : healthy / 100,
    brokenPromoted: broken === undefined ? DEFAULT_LIMITS.brokenPromoted : broken / 100,
    isAsked: healthy !== undefined || broken !== undefined,
  };
}
