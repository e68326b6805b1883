import { KubeConfigMap, KubeIngress } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { Construct } from 'constructs';
import { CoreResource } from './custom-resource.ts';
import { type PropProblem, PropsError, refusal, wholeNumber } from './props-error.ts';

/** Headers of answers that a route may set. The controller refuses any that it was not told of. */
export const ROUTE_HEADERS = [
  'Cache-Control',
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'Permissions-Policy',
  'Referrer-Policy',
  'X-Frame-Options',
  'X-Robots-Tag',
] as const;

/** A header that a route may set. */
export type RouteHeader = (typeof ROUTE_HEADERS)[number];

/** How often one client may call; whoever calls more is answered 429. */
export interface RateLimit {
  /** Requests of one address each second, at each pod of the edge. @default no limit */
  perSecond?: number;
  /** How many seconds' worth of requests may come at once. @default 5 */
  burstSeconds?: number;
  /** Connections that one address may have open at each pod of the edge. @default no limit */
  connections?: number;
}

/** The header in which a Service behind a sign-in is told who somebody is. Whatever a client says there is not passed on. */
export const SIGNED_IN_HEADER = 'X-Auth-Request-Email';

/** Who vouches for people: an oauth2-proxy, which also answers `/oauth2` of the same host. */
export interface SignIn {
  /** Where the edge asks whether somebody has signed in: `http://oauth2-proxy.oauth2-proxy.svc.cluster.local`. */
  url: string;
}

/** How the edge treats the requests of a route. */
export interface RouteSettings {
  /** CIDRs from which it may be called. @default everywhere */
  allowFrom?: readonly string[];
  /** @default no limit */
  rateLimit?: RateLimit;
  /** How long the Service may say nothing, in seconds: before its answer, and within it. @default 60 */
  answerSeconds?: number;
  /** The largest body of a request, in mebibytes. @default 1 */
  bodyMebibytes?: number;
  /** Headers of every answer, in place of what the Service says. @default the Service's own, and that of HTTPS only */
  headers?: Readonly<Partial<Record<RouteHeader, string>>>;
  /** Lets only people in who have signed in. @default everybody */
  signIn?: SignIn;
}

export interface PublicRouteProps extends RouteSettings {
  /** The DNS name that users type; external-dns makes it from this object. */
  host: string;
  /**
   * The paths of the host that go to the Service, each with all below it. Routes may share a host; the longest path wins.
   *
   * @default everything
   */
  paths?: readonly string[];
  /**
   * The Service that answers, and its port. For a canary this is the apex Service, never `-primary`. The namespace is the
   * chart's where none is given.
   */
  service: { name: string; port: number; namespace?: string };
}

/**
 * A way into the cluster for users: requests for a host reach a Service through the mesh, by HTTPS alone. The id is its name.
 *
 * Which controller serves it, nobody else need know.
 *
 * @throws PropsError naming all props that make no sense
 */
export class PublicRoute extends Construct {
  constructor(scope: Construct, id: string, props: PublicRouteProps) {
    super(scope, id);
    const problems = routeProblems(props);
    if (problems.length > 0) throw new PropsError(this, problems);
    const { name, port, namespace } = props.service;
    const metadata = { ...(namespace !== undefined && { namespace }) };
    const headers = `${id}-headers`;
    if (props.headers) {
      new CoreResource(this, 'headers', KubeConfigMap, {
        metadata: { ...metadata, name: headers },
        data: { ...props.headers },
      });
    }
    const ingress = new CoreResource(this, 'ingress', KubeIngress, {
      metadata: { ...metadata, name: id },
      spec: {
        ingressClassName: INGRESS_CLASS,
        rules: [
          {
            host: props.host,
            http: {
              paths: (props.paths ?? ['/']).map((path) => ({
                path,
                pathType: 'Prefix',
                backend: { service: { name, port: { number: port } } },
              })),
            },
          },
        ],
      },
    });
    for (const [annotation, value] of Object.entries(annotations(props))) {
      ingress.metadata.addAnnotation(`nginx.ingress.kubernetes.io/${annotation}`, value);
    }
    if (props.headers) {
      const own = `${ingress.metadata.namespace}/${headers}`;
      ingress.metadata.addAnnotation('nginx.ingress.kubernetes.io/custom-headers', own);
    }
  }
}

/** The class of Ingresses that the controller serves. */
export const INGRESS_CLASS = 'nginx';

/** What the controller is told of a route. @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/ */
function annotations(props: PublicRouteProps): Record<string, string> {
  const { allowFrom, rateLimit, answerSeconds, bodyMebibytes, signIn } = props;
  const given = {
    // Send to the Service instead of its pods: only then does the mesh split the traffic.
    'service-upstream': 'true',
    'whitelist-source-range': allowFrom?.join(','),
    'limit-rps': rateLimit?.perSecond,
    'limit-burst-multiplier': rateLimit?.burstSeconds,
    'limit-connections': rateLimit?.connections,
    'proxy-read-timeout': answerSeconds,
    'proxy-send-timeout': answerSeconds,
    'proxy-body-size': bodyMebibytes && `${bodyMebibytes}m`,
    'auth-url': signIn && `${signIn.url}/oauth2/auth`,
    'auth-response-headers': signIn && SIGNED_IN_HEADER,
    // On the route's own host, so that what proves the sign-in is never shown to another.
    'auth-signin': signIn && 'https://$host/oauth2/start?rd=$escaped_request_uri',
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/([0-9]|[12]\d|3[0-2])$/;

/** The characters of header values that the controller takes. */
const HEADER_VALUE = /^[\w :;.,\\/"'?!(){}[\]@<>=\-+*#$&`|~^%]+$/;

/** Characters of paths that the controller takes of a path with all below it. */
const PATH = /^(\/|(\/[\w.-]+)+)$/;

/** Everything that is wrong with the props of a route. */
function routeProblems(props: PublicRouteProps): PropProblem[] {
  return [
    ...hostProblems(props.host),
    ...pathsProblems(props.paths),
    ...wholeNumber('service.port', props.service.port, { min: 1, max: 65535 }),
    ...settingsProblems(props),
  ];
}

function settingsProblems(settings: RouteSettings): PropProblem[] {
  const { allowFrom, rateLimit, headers = {} } = settings;
  return [
    ...allowFromProblems(allowFrom),
    ...wholeNumber('rateLimit.perSecond', rateLimit?.perSecond, { min: 1 }),
    ...wholeNumber('rateLimit.burstSeconds', rateLimit?.burstSeconds, { min: 1 }),
    ...wholeNumber('rateLimit.connections', rateLimit?.connections, { min: 1 }),
    ...burstProblems(rateLimit),
    ...wholeNumber('answerSeconds', settings.answerSeconds, { min: 1, max: 3600, aside: 'seconds' }),
    ...wholeNumber('bodyMebibytes', settings.bodyMebibytes, { min: 1, max: 1024, aside: 'mebibytes' }),
    ...Object.entries(headers).flatMap(([name, value]) =>
      HEADER_VALUE.test(value) ? [] : [refusal(`headers.${name}`, value, 'plain letters in one line')],
    ),
  ];
}

function hostProblems(host: string): PropProblem[] {
  const parts = host.split('.');
  if (parts.length > 1 && host.length <= 253 && parts.every((part) => LABEL.test(part))) return [];
  const allowed =
    'a DNS name in lower case of at least two labels, each at most 63 long, such as "shop.example.com"';
  return [refusal('host', host, allowed)];
}

/** Everything that is wrong with the paths of a route. */
export function pathsProblems(paths: PublicRouteProps['paths']): PropProblem[] {
  if (paths === undefined) return [];
  if (paths.length === 0)
    return [refusal('paths', paths, 'one path or more; leave it out for all of the host')];
  return paths.flatMap((path, index) => {
    const at = `paths[${index}]`;
    if (paths.indexOf(path) !== index) return [refusal(at, path, 'each path once')];
    if (PATH.test(path)) return [];
    const allowed =
      '"/", or a path of letters, digits, ".", "_" and "-" that begins with a slash and ends with none, such as "/api/users"';
    return [refusal(at, path, allowed)];
  });
}

/** An empty list would let everybody in. */
function allowFromProblems(allowFrom: PublicRouteProps['allowFrom']): PropProblem[] {
  if (allowFrom === undefined) return [];
  if (allowFrom.length === 0)
    return [refusal('allowFrom', [], 'one CIDR or more; leave it out for everywhere')];
  return allowFrom.flatMap((cidr, index) =>
    CIDR.test(cidr) ? [] : [refusal(`allowFrom[${index}]`, cidr, 'a CIDR, such as "203.0.113.0/24"')],
  );
}

function burstProblems(rateLimit: RateLimit | undefined): PropProblem[] {
  if (rateLimit === undefined) return [];
  const { perSecond, connections, burstSeconds } = rateLimit;
  if (perSecond === undefined && connections === undefined)
    return [refusal('rateLimit', rateLimit, '"perSecond" or "connections", or both')];
  if (burstSeconds === undefined || perSecond !== undefined) return [];
  return [{ path: 'rateLimit.burstSeconds', says: 'means nothing without "perSecond"; give that too' }];
}
