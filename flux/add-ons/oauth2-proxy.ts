import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import { PublicRoute, type SignIn } from '../../charts/public-route.ts';
import type { AddOn } from '../add-on.ts';
import { ExternalSecret } from '../external-secret.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';
import { RESTRICTED, spread } from '../pod-defaults.ts';
import { INGRESS_CONTROLLER, INGRESS_NGINX } from './ingress-nginx.ts';
import { SECRET_STORES } from './secret-stores.ts';

export interface Oauth2ProxyProps {
  /** Version of the chart. */
  version: string;
  network: ClusterNetwork;
  cluster: string;
  isHighlyAvailable: boolean;
  /** The name of the ClusterSecretStore. */
  secretStore: string;
  /** The address of the OIDC provider, as its tokens name it. */
  issuer: string;
  /** Whose e-mail addresses let in. */
  emailDomains: readonly string[];
  /** Who has signed in must be in one of these as well. @default any group, or none */
  groups?: readonly string[];
  /** The hosts of the dashboards that it guards. */
  hosts: readonly string[];
}

/** The name of the add-on, its chart and its namespace. */
export const OAUTH2_PROXY = 'oauth2-proxy';

/** The Secret with what the provider knows it by. */
const CLIENT_SECRET = 'oauth2-proxy-client';

/** Where the edge asks whether somebody has signed in. */
export const SIGN_IN: SignIn = { url: `http://${OAUTH2_PROXY}.${OAUTH2_PROXY}.svc.cluster.local` };

const PORT = 4180;
const METRICS_PORT = 44180;
const SERVICE_PORT = 80;

/** Keys of the chart that we set. @see https://github.com/oauth2-proxy/manifests/blob/main/helm/oauth2-proxy/values.yaml */
interface Values {
  config: { existingSecret: string; configFile: string; cookieName: string };
  extraArgs: Readonly<Record<string, string>>;
  service: { portNumber: number };
  serviceAccount: { automountServiceAccountToken: boolean };
  replicaCount: number;
  podAnnotations: Readonly<Record<string, string>>;
  topologySpreadConstraints: object[];
  securityContext: object;
  resources: object;
}

/** Signs people in for the dashboards, by the OIDC provider that the platform names. */
export function oauth2Proxy(props: Oauth2ProxyProps): AddOn {
  const { version, network, cluster, secretStore, hosts } = props;
  return {
    name: OAUTH2_PROXY,
    namespace: OAUTH2_PROXY,
    dependsOn: [INGRESS_NGINX, SECRET_STORES],
    why: 'Lets only people who have signed in open the dashboards.',
    needs: `an OIDC client, and the secret ${cluster}/platform/oauth2-proxy with its client-id, client-secret and a cookie-secret of 32 bytes`,
    charts: [OAUTH2_PROXY],
    sources(scope) {
      new ChartRepository(scope, OAUTH2_PROXY, { url: 'https://oauth2-proxy.github.io/manifests' });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: OAUTH2_PROXY,
        network,
        ingress: [{ peers: [INGRESS_CONTROLLER], ports: [PORT] }],
        // The provider.
        egress: [{ ports: [443] }],
        metrics: [METRICS_PORT],
      });
      new ExternalSecret(scope, CLIENT_SECRET, {
        store: secretStore,
        remoteKey: `${cluster}/platform/${OAUTH2_PROXY}`,
      });
      new HelmRelease<Values>(scope, OAUTH2_PROXY, {
        chart: { repository: OAUTH2_PROXY, name: OAUTH2_PROXY, version },
        values: values(props),
      });
      for (const host of hosts) {
        new PublicRoute(scope, host.split('.')[0] ?? host, {
          host,
          paths: ['/oauth2'],
          service: { name: OAUTH2_PROXY, port: SERVICE_PORT },
          // Nobody signs in more often.
          rateLimit: { perSecond: 10 },
        });
      }
    },
  };
}

/** @see https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview */
function values({ isHighlyAvailable, issuer, emailDomains, groups, network }: Oauth2ProxyProps): Values {
  return {
    config: {
      existingSecret: CLIENT_SECRET,
      // Of the one host that it was made for, so that no app of the ring is ever sent it.
      cookieName: '__Host-dashboards',
      configFile: [
        `email_domains = ${JSON.stringify(emailDomains)}`,
        ...(groups ? [`allowed_groups = ${JSON.stringify(groups)}`] : []),
        // The edge asks, and sends requests to the dashboards itself.
        'upstreams = ["static://202"]',
      ].join('\n'),
    },
    extraArgs: {
      provider: 'oidc',
      'oidc-issuer-url': issuer,
      'code-challenge-method': 'S256',
      // Of the host it was asked for, as the edge tells it; nobody else gets here.
      'reverse-proxy': 'true',
      'trusted-proxy-ip': `127.0.0.0/8,${network.vpc}`,
      // By which Grafana knows who it is.
      'set-xauthrequest': 'true',
      'skip-provider-button': 'true',
      'cookie-secure': 'true',
      'cookie-samesite': 'lax',
      // A working day; then the provider is asked again whether they still may.
      'cookie-expire': '8h',
      // Nobody reads the provider's tokens here, and they would not fit into a cookie.
      'session-cookie-minimal': 'true',
      // They name people. Who signed in is told, since somebody may have to ask.
      'request-logging': 'false',
    },
    service: { portNumber: SERVICE_PORT },
    serviceAccount: { automountServiceAccountToken: false },
    replicaCount: isHighlyAvailable ? 2 : 1,
    podAnnotations: { 'linkerd.io/inject': 'enabled' },
    topologySpreadConstraints: spread({ 'app.kubernetes.io/name': OAUTH2_PROXY }),
    securityContext: { enabled: true, ...RESTRICTED, runAsUser: 2000, runAsGroup: 2000 },
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  };
}
