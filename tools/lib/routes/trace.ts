// The way of a request, from the name that a user types to the pods that answer, through the objects of a cluster.
import type { Manifest } from '../dist/manifests.ts';
import type { Cluster } from '../policy/cluster.ts';
import type { Breach } from '../policy/policy.ts';
import { at, type Fields, fields, items, text } from '../policy/read.ts';
import { type Edge, edges } from './edge.ts';
import { type Dns, dns, isCertified, isWithin } from './names.ts';
import { answer } from './service.ts';

const NGINX = 'nginx.ingress.kubernetes.io/';

/** The path at which a sign-in is done, on the host of what it is for. */
const SIGN_IN_PATH = '/oauth2';

/** One way of users into a cluster. */
export interface Route {
  ingress: Manifest;
  namespace: string;
  host: string;
  path: string;
  service: string;
  port: unknown;
  /** Where its Service stands in the Ingress. */
  at: string;
}

/** A route with all that a request passes. */
export interface TracedRoute extends Route {
  cluster: string;
  /** What a request passes, in that order, each with what it is here. */
  hops: readonly { name: string; is: string }[];
  /** Where it breaks. */
  breaches: readonly Breach[];
}

/**
 * Traces every route of a cluster.
 *
 * @param domain that of its ring, which its certificate is for; `undefined` where nobody knows its ring
 */
export function traceRoutes(cluster: Cluster, domain: string | undefined): TracedRoute[] {
  const routes = cluster.ofKind('networking.k8s.io/Ingress').flatMap(routesOf);
  const all = Map.groupBy(routes, placeOf);
  const surroundings = { domain, names: dns(cluster), controllers: edges(cluster), routes: all };
  return routes.map((route) => trace(cluster, route, surroundings));
}

interface Surroundings {
  domain: string | undefined;
  names: Dns | undefined;
  controllers: readonly Edge[];
  /** By host and path: one, or several by mistake. */
  routes: ReadonlyMap<string, readonly Route[]>;
}

function trace(
  cluster: Cluster,
  route: Route,
  { domain, names, controllers, routes }: Surroundings,
): TracedRoute {
  const { ingress, host, path, namespace, service, port } = route;
  const className = text(at(ingress.object.spec, 'ingressClassName'));
  const edge = controllers.find((controller) => controller.className === className);
  const reached = answer(cluster, route, edge);
  const annotations = fields(ingress.object.metadata?.annotations);
  const isSplit = annotations[`${NGINX}service-upstream`] === 'true';
  const broken = (wrong: string, fix: string, path?: string): Breach => ({
    at: ingress,
    ...(path !== undefined && { path }),
    wrong,
    fix,
  });
  return {
    ...route,
    cluster: cluster.name,
    hops: [
      { name: 'DNS name', is: names ? `${host}, by external-dns` : `${host}, by hand` },
      { name: 'certificate', is: edge && domain ? `${edge.certificate} for ${domain} and *.${domain}` : '-' },
      {
        name: 'load balancer',
        is: edge ? `${edge.service}, ${edge.access}: 443 to ${edge.port}` : '-',
      },
      { name: 'Ingress', is: `${namespace}/${ingress.object.metadata?.name}: ${path}` },
      { name: 'Service', is: `${namespace}/${service}:${port}` },
      { name: 'split', is: reached.split },
      { name: 'pods', is: reached.pods },
    ],
    breaches: [
      ...nameBreaches(route, domain, names),
      ...(edge
        ? edge.breaches
        : [
            broken(
              `no controller serves Ingresses of the class ${JSON.stringify(className)}`,
              `there is ${controllers.map((own) => JSON.stringify(own.className)).join(', ') || 'none'}`,
              'spec.ingressClassName',
            ),
          ]),
      ...(isSplit
        ? []
        : [
            broken(
              'requests go to pods, past the Service and past every split of traffic',
              'write "true"; PublicRoute does',
              `metadata.annotations.${NGINX}service-upstream`,
            ),
          ]),
      ...twice(route, routes),
      ...signInBreaches(route, routes, annotations),
      ...reached.breaches,
    ],
  };
}

/** The routes of an Ingress, one for each of its paths. */
function routesOf(ingress: Manifest): Route[] {
  return items(at(ingress.object.spec, 'rules')).flatMap((rule, outer) =>
    items(at(rule, 'http', 'paths')).map((entry, inner) => {
      const { name, port } = fields(at(entry, 'backend', 'service'));
      return {
        ingress,
        namespace: ingress.object.metadata?.namespace ?? '',
        host: text(at(rule, 'host')) ?? '',
        path: text(at(entry, 'path')) ?? '/',
        service: text(name) ?? '',
        port: at(port, 'number') ?? at(port, 'name'),
        at: `spec.rules[${outer}].http.paths[${inner}].backend.service`,
      };
    }),
  );
}

function nameBreaches(
  { ingress, host }: Route,
  domain: string | undefined,
  names: Dns | undefined,
): Breach[] {
  const wrongs = [
    ...(names === undefined || names.domains.some((own) => isWithin(host, own))
      ? []
      : [`external-dns makes names below ${names.domains.join(', ')} only, and not ${JSON.stringify(host)}`]),
    ...(names?.problems ?? []),
    ...(domain === undefined || isCertified(host, domain)
      ? []
      : [`the certificate is for ${domain} and *.${domain}, and not for ${JSON.stringify(host)}`]),
  ];
  const fix = `take a name right below ${domain ?? 'the domain of the ring'}`;
  return wrongs.map((wrong) => ({ at: ingress, path: 'spec.rules', wrong, fix }));
}

/** Host and path. */
function placeOf({ host, path }: Route): string {
  return `${host}${path}`;
}

/** The controller serves the older of two routes of one path, and its webhook refuses the younger. */
function twice(route: Route, routes: Surroundings['routes']): Breach[] {
  const [first] = routes.get(placeOf(route)) ?? [];
  if (first === undefined || first === route) return [];
  const name = `${first.namespace}/${first.ingress.object.metadata?.name}`;
  const wrong = `${placeOf(route)} is a route of ${name} too`;
  return [{ at: route.ingress, path: route.at, wrong, fix: 'take another host or path' }];
}

/** Who guards a route must be there to be asked, and to sign people in on the same host. */
function signInBreaches(
  { ingress, host }: Route,
  routes: Surroundings['routes'],
  annotations: Fields,
): Breach[] {
  const url = text(annotations[`${NGINX}auth-url`]);
  if (url === undefined) return [];
  const [service, namespace] = (URL.canParse(url) ? new URL(url).hostname : '').split('.');
  const there = routes.get(`${host}${SIGN_IN_PATH}`) ?? [];
  if (there.some((own) => own.service === service && own.namespace === namespace)) return [];
  return [
    {
      at: ingress,
      path: `metadata.annotations.${NGINX}auth-url`,
      wrong: `nobody can sign in: ${host}${SIGN_IN_PATH} is no route to ${namespace}/${service}`,
      fix: 'make one',
    },
  ];
}
