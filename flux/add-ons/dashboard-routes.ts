import { PublicRoute } from '../../charts/public-route.ts';
import type { AddOn } from '../add-on.ts';
import { INGRESS_NGINX } from './ingress-nginx.ts';
import { OAUTH2_PROXY, SIGN_IN } from './oauth2-proxy.ts';

/** What people look at, and where. */
export interface DashboardRoute {
  /** The name of the route: `grafana`. */
  name: string;
  /** The host at which people open it. */
  host: string;
  /** The Service that answers. */
  service: { name: string; namespace: string; port: number };
  /** The add-on that brings it. */
  addOn: string;
}

/** The name of the add-on. */
export const DASHBOARD_ROUTES = 'dashboard-routes';

/**
 * The ways to the dashboards, for people who have signed in. Apart from the dashboards, which are there before the edge is,
 * and stay when it goes.
 *
 * @param routes one for each dashboard of the cluster that has an address
 */
export function dashboardRoutes(routes: readonly DashboardRoute[]): AddOn {
  return {
    name: DASHBOARD_ROUTES,
    // Each route stands where its dashboard does.
    namespace: OAUTH2_PROXY,
    dependsOn: [...new Set([INGRESS_NGINX, OAUTH2_PROXY, ...routes.map(({ addOn }) => addOn)])],
    why: 'Opens the dashboards to people who have signed in.',
    objects(scope) {
      for (const { name, host, service } of routes) {
        new PublicRoute(scope, name, {
          host,
          service,
          signIn: SIGN_IN,
          // Live views, and queries that take their time.
          answerSeconds: 300,
          // No other site may show them in a frame, and so have people click in them.
          headers: { 'X-Frame-Options': 'SAMEORIGIN', 'Referrer-Policy': 'same-origin' },
        });
      }
    },
  };
}
