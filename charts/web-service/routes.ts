import type { Construct } from 'constructs';
import { PublicRoute } from '../public-route.ts';
import { canaryService } from './pods.ts';
import { SERVICE_PORT } from './service.ts';
import type { Settings } from './settings.ts';

/** The ways in for users, and for testers of a version that no user has seen. */
export function addRoutes(scope: Construct, { name, route, release }: Settings): void {
  if (route !== undefined) {
    const { host, paths, edge } = route;
    new PublicRoute(scope, route.name, { ...edge, host, paths, service: { name, port: SERVICE_PORT } });
  }
  if (release.strategy === 'blueGreen' && release.preview !== undefined) {
    new PublicRoute(scope, `${name}-preview`, {
      ...route?.edge,
      ...release.preview,
      service: { name: canaryService(name), port: SERVICE_PORT },
    });
  }
}

/** Whether the controller of Ingresses sends requests to the service. */
export function isRouted({ route, release }: Settings): boolean {
  return route !== undefined || (release.strategy === 'blueGreen' && release.preview !== undefined);
}
