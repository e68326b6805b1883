import { beforeAll, describe, expect, test } from '@jest/globals';
import { ringDomain } from '../../../config/per-ring.ts';
import type { Cluster as ClusterRecord } from '../../../config/schema.ts';
import { sampleConfig } from '../../../config/testing/sample.ts';
import type { Manifest } from '../dist/manifests.ts';
import { Cluster } from '../policy/cluster.ts';
import { policyFindings } from '../policy/policy-findings.ts';
import { POLICIES } from '../policy/table.ts';
import { compile } from '../synth/compile.ts';
import { collisions } from './collisions.ts';
import { routeTable } from './table.ts';
import { type TracedRoute, traceRoutes } from './trace.ts';

const DEV = 'dev-eu-west-1';
const EDGE = `${DEV}/platform/ingress-nginx/ingress-nginx.yaml`;
const DNS = `${DEV}/platform/external-dns/external-dns.yaml`;
const FLAGGER = `${DEV}/platform/flagger/flagger.yaml`;
const APP = `${DEV}/apps/conduit/conduit.yaml`;
const DASHBOARDS = `${DEV}/platform/dashboard-routes/dashboard-routes.yaml`;
const SIGN_IN = `${DEV}/platform/oauth2-proxy/oauth2-proxy.yaml`;

const config = sampleConfig();
config.platform.edge = {
  signIn: { issuer: 'https://login.slipway.example', emailDomains: ['slipway.example'] },
};
let manifests: readonly Manifest[];

beforeAll(async () => {
  manifests = (await compile(config)).manifests;
});

/** The routes of a cluster, with some of its objects changed. */
function traced(cluster: string, own: readonly Manifest[] = manifests): TracedRoute[] {
  const { ring } = config.platform.clusters.find(({ name }) => name === cluster) as ClusterRecord;
  const objects = own.filter((manifest) => manifest.cluster === cluster);
  return traceRoutes(new Cluster(cluster, objects), ringDomain(config.platform, ring));
}

const place = ({ host, path }: TracedRoute) => host + path;

describe('a compile of the sample platform', () => {
  test('has no route that breaks', () => {
    const routes = config.platform.clusters.flatMap(({ name }) => traced(name));
    expect(routes.flatMap(({ breaches }) => breaches)).toEqual([]);
    expect(routes.map(place).sort()).toEqual(
      [
        ...config.platform.clusters.flatMap(({ name, ring }) =>
          ['grafana', 'linkerd-viz'].flatMap((dashboard) => {
            const host = `${dashboard}-${name}.${ringDomain(config.platform, ring)}`;
            return [`${host}/`, `${host}/oauth2`];
          }),
        ),
        'conduit.dev.slipway.example/',
        'conduit.slipway.example/',
        'conduit.staging.slipway.example/',
      ].sort(),
    );
  });

  test('has each request take the split that Flagger makes', () => {
    const own = traced('prod-eu-west-1').filter(({ host }) => host === 'conduit.slipway.example');
    expect(routeTable(own)).toEqual([
      'prod-eu-west-1: https://conduit.slipway.example/',
      '  DNS name       conduit.slipway.example, by external-dns',
      `  certificate    \${CERTIFICATE_ARN} for slipway.example and *.slipway.example`,
      '  load balancer  ingress-nginx/ingress-nginx-controller, public: 443 to 8080',
      '  Ingress        conduit/conduit: /',
      '  Service        conduit/conduit:80',
      '  split          HTTPRoute conduit/conduit, by Flagger for Canary conduit/conduit',
      '  pods           conduit-primary: 8080',
      '',
    ]);
  });

  test('has no address for dashboards where nobody vouches for people', async () => {
    const without = await compile(sampleConfig());
    expect(traced(DEV, without.manifests).map(place)).toEqual(['conduit.dev.slipway.example/']);
    expect(without.manifests.some(({ file }) => file.includes('oauth2-proxy'))).toBe(false);
  });

  test('keeps the policy', () => {
    const own = POLICIES.filter(({ name }) => name === 'routes');
    expect(policyFindings(config, { files: new Map(), manifests: [...manifests] }, own)).toEqual([]);
  });
});

/** An object of a file, by its kind and, where there are several, its name. */
interface Which {
  file: string;
  kind: string;
  name?: string;
}

/** A copy of the manifests in which one object is another. */
function changed({ file, kind, name }: Which, change: (object: any) => void): readonly Manifest[] {
  let changes = 0;
  const result = manifests.map((manifest) => {
    const { object } = manifest;
    if (manifest.file !== file || object.kind !== kind) return manifest;
    if (name !== undefined && object.metadata?.name !== name) return manifest;
    changes++;
    const copy = structuredClone(object);
    change(copy);
    return { ...manifest, object: copy };
  });
  // An edit that misses would show nothing.
  expect(changes).toBe(1);
  return result;
}

/** A copy of the manifests without an object. */
const without = ({ file, kind, name }: Which): Manifest[] =>
  manifests.filter(
    (manifest) =>
      manifest.file !== file ||
      manifest.object.kind !== kind ||
      (name ?? manifest.object.metadata?.name) !== manifest.object.metadata?.name,
  );

const INGRESS = { file: APP, kind: 'Ingress' };
const CANARY = { file: APP, kind: 'Canary' };
const CONTROLLER = { file: EDGE, kind: 'HelmRelease' };
const NLB = 'service.beta.kubernetes.io/aws-load-balancer-';
const controller = (object: any) => object.spec.values.controller;
const ANNOTATIONS = 'metadata.annotations.nginx.ingress.kubernetes.io';

const DENIED =
  'spec.rules[0].http.paths[0].backend.service.name: the Server "conduit" denies all, and no AuthorizationPolicy names the ServiceAccount ingress-nginx/ingress-nginx; let it in';

/** What is said of conduit's route in dev. */
function said(own: readonly Manifest[], host = 'conduit.dev.slipway.example'): string[] {
  const routes = traced(DEV, own).filter((route) => route.host === host);
  return [
    ...new Set(
      routes.flatMap(({ breaches }) => breaches.map(({ path, wrong, fix }) => `${path}: ${wrong}; ${fix}`)),
    ),
  ];
}

describe('where a route breaks, it is said', () => {
  test.each<[string, () => readonly Manifest[], string[]]>([
    [
      'a name that external-dns does not write',
      () =>
        changed(
          { file: DNS, kind: 'HelmRelease' },
          (object) => (object.spec.values.domainFilters = ['other.example']),
        ),
      [
        'spec.rules: external-dns makes names below other.example only, and not "conduit.dev.slipway.example"; take a name right below dev.slipway.example',
      ],
    ],
    [
      'an external-dns that does not look at Ingresses, and takes other clusters’ records for its own',
      () =>
        changed({ file: DNS, kind: 'HelmRelease' }, ({ spec }) => {
          spec.values.sources = ['service'];
          spec.values.txtOwnerId = 'slipway';
        }),
      [
        'spec.rules: external-dns does not look at Ingresses; take a name right below dev.slipway.example',
        'spec.rules: external-dns takes records for its own that belong to "slipway"; take a name right below dev.slipway.example',
      ],
    ],
    [
      'a class that no controller serves',
      () => changed(INGRESS, (object) => (object.spec.ingressClassName = 'traefik')),
      ['spec.ingressClassName: no controller serves Ingresses of the class "traefik"; there is "nginx"'],
    ],
    [
      'requests that go past the Service',
      () =>
        changed(INGRESS, ({ metadata }) => {
          delete metadata.annotations['nginx.ingress.kubernetes.io/service-upstream'];
        }),
      [
        `${ANNOTATIONS}/service-upstream: requests go to pods, past the Service and past every split of traffic; write "true"; PublicRoute does`,
      ],
    ],
    [
      'the primary in place of the apex',
      () =>
        changed(
          INGRESS,
          ({ spec }) => (spec.rules[0].http.paths[0].backend.service.name = 'conduit-primary'),
        ),
      [
        'spec.rules[0].http.paths[0].backend.service.name: sends past the split of Canary conduit: no release would get a request; write "conduit"',
      ],
    ],
    [
      'a Service that is not there',
      () => changed(INGRESS, ({ spec }) => (spec.rules[0].http.paths[0].backend.service.name = 'shop')),
      ['spec.rules[0].http.paths[0].backend.service.name: there is no such Service; make it'],
    ],
    [
      'a Canary whose route has another parent',
      () => changed(CANARY, ({ spec }) => (spec.service.gatewayRefs[0].name = 'gateway')),
      [
        'spec.rules[0].http.paths[0].backend.service.name: the route that Flagger makes for Canary conduit has not conduit:80 for its parent, so nothing is split there; name that Service and port in spec.service.gatewayRefs of the Canary',
      ],
    ],
    [
      'a Canary whose route is for another port',
      () => changed(CANARY, ({ spec }) => (spec.service.gatewayRefs[0].port = 8080)),
      [
        'spec.rules[0].http.paths[0].backend.service.name: the route that Flagger makes for Canary conduit has not conduit:80 for its parent, so nothing is split there; name that Service and port in spec.service.gatewayRefs of the Canary',
      ],
    ],
    [
      'a Flagger that drives SMI',
      () =>
        changed(
          { file: FLAGGER, kind: 'HelmRelease', name: 'flagger' },
          ({ spec }) => (spec.values.meshProvider = 'linkerd'),
        ),
      [
        'spec.rules[0].http.paths[0].backend.service.name: Flagger drives "linkerd", which makes no route that Linkerd knows; set its meshProvider to "gatewayapi:v1"',
      ],
    ],
    [
      'a Service that selects nobody',
      () =>
        changed(
          { file: APP, kind: 'Service' },
          ({ spec }) => (spec.selector = { 'app.kubernetes.io/name': 'shop' }),
        ),
      [
        'spec.rules[0].http.paths[0].backend.service.name: its Service sends to no pods; make its selector theirs',
      ],
    ],
    [
      'pods that listen elsewhere',
      () =>
        changed(
          { file: APP, kind: 'Deployment' },
          ({ spec }) => (spec.template.spec.containers[0].ports[0].containerPort = 3000),
        ),
      [
        'spec.rules[0].http.paths[0].backend.service.name: the pods of conduit have no port 8080; write the port that a container listens on',
      ],
    ],
    [
      'pods out of the mesh',
      () => changed({ file: APP, kind: 'Namespace' }, ({ metadata }) => delete metadata.annotations),
      [
        'spec.rules[0].http.paths[0].backend.service.name: the pods of conduit are not in the mesh; annotate their namespace linkerd.io/inject: enabled',
      ],
    ],
    [
      'a network policy that does not let the edge in',
      () =>
        changed({ file: APP, kind: 'NetworkPolicy', name: 'conduit' }, ({ spec }) => {
          spec.ingress[0].from[0].namespaceSelector.matchLabels['kubernetes.io/metadata.name'] = 'traefik';
        }),
      [
        'spec.rules[0].http.paths[0].backend.service.name: no network policy of "conduit" lets ingress-nginx in at port 4143; let it in',
      ],
    ],
    [
      'a mesh that does not let the edge in',
      () =>
        changed(
          { file: APP, kind: 'MeshTLSAuthentication' },
          ({ spec }) => (spec.identityRefs[0].name = 'traefik'),
        ),
      [DENIED],
    ],
    [
      'a network policy for another port than the one where the mesh listens',
      () =>
        changed({ file: APP, kind: 'NetworkPolicy', name: 'conduit' }, ({ spec }) => {
          spec.ingress[0].ports = [{ protocol: 'TCP', port: 8080 }];
        }),
      [
        'spec.rules[0].http.paths[0].backend.service.name: no network policy of "conduit" lets ingress-nginx in at port 4143; let it in',
      ],
    ],
    [
      'a mesh that lets in who has the name of the edge in another namespace',
      () =>
        changed(
          { file: APP, kind: 'MeshTLSAuthentication' },
          ({ spec }) => (spec.identityRefs[0].namespace = 'traefik'),
        ),
      [DENIED],
    ],
    [
      'a mesh that lets the edge in elsewhere',
      () =>
        changed(
          { file: APP, kind: 'AuthorizationPolicy', name: 'conduit' },
          ({ spec }) => (spec.targetRef.name = 'management'),
        ),
      [DENIED],
    ],
    [
      'a path that another has',
      () => {
        const [first] = manifests.filter(({ file, object }) => file === APP && object.kind === 'Ingress') as [
          Manifest,
        ];
        const other = structuredClone(first.object);
        other.metadata = { ...other.metadata, name: 'second' };
        return [...manifests, { ...first, object: other }];
      },
      [
        'spec.rules[0].http.paths[0].backend.service: conduit.dev.slipway.example/ is a route of conduit/conduit too; take another host or path',
      ],
    ],
  ])('%s', (_, broken, says) => {
    expect(said(broken())).toEqual(says);
  });

  test('a name that the certificate is not for', () => {
    const host = 'a.conduit.dev.slipway.example';
    expect(
      said(
        changed(INGRESS, ({ spec }) => (spec.rules[0].host = host)),
        host,
      ),
    ).toEqual([
      `spec.rules: the certificate is for dev.slipway.example and *.dev.slipway.example, and not for "${host}"; take a name right below dev.slipway.example`,
    ]);
  });

  test('a way to sign in that is of the same name, but not what guards the route', () => {
    const host = `grafana-${DEV}.dev.slipway.example`;
    const key = 'nginx.ingress.kubernetes.io/auth-url';
    const elsewhere = changed({ file: DASHBOARDS, kind: 'Ingress', name: 'grafana' }, ({ metadata }) => {
      metadata.annotations[key] = metadata.annotations[key].replace('.oauth2-proxy.', '.other.');
    });
    expect(said(elsewhere, host)).toEqual([
      `${ANNOTATIONS}/auth-url: nobody can sign in: ${host}/oauth2 is no route to other/oauth2-proxy; make one`,
    ]);
  });

  test('a dashboard at which nobody can sign in', () => {
    const host = `grafana-${DEV}.dev.slipway.example`;
    const gone = without({ file: SIGN_IN, kind: 'Ingress', name: `grafana-${DEV}` });
    expect(gone).toHaveLength(manifests.length - 1);
    expect(said(gone, host)).toEqual([
      `${ANNOTATIONS}/auth-url: nobody can sign in: ${host}/oauth2 is no route to oauth2-proxy/oauth2-proxy; make one`,
    ]);
    expect(
      traced(DEV, gone)
        .filter(({ breaches }) => breaches.length > 0)
        .map(({ ingress }) => ingress.file),
    ).toEqual([DASHBOARDS]);
  });
});

test('the table says where a route is broken', () => {
  const broken = changed(INGRESS, (object) => (object.spec.ingressClassName = 'traefik'));
  const own = traced(DEV, broken).filter(({ host }) => host === 'conduit.dev.slipway.example');
  expect(routeTable(own).slice(-2)).toEqual([
    '  BROKEN: spec.ingressClassName: no controller serves Ingresses of the class "traefik"; there is "nginx"',
    '',
  ]);
});

test('a mesh that lets anybody in needs to know nobody', () => {
  const denied = changed(
    { file: APP, kind: 'MeshTLSAuthentication' },
    ({ spec }) => (spec.identityRefs[0].name = 'traefik'),
  );
  const open = denied.map((manifest) => {
    if (manifest.file !== APP || manifest.object.kind !== 'Server') return manifest;
    const spec = { ...(manifest.object.spec as object), accessPolicy: 'all-unauthenticated' };
    return { ...manifest, object: { ...manifest.object, spec } };
  });
  expect(said(denied)).toEqual([DENIED]);
  expect(said(open)).toEqual([]);
});

describe('what would lose requests at the edge, or believe a client, is said', () => {
  const path = (rest: string) => `spec.values.controller.${rest}`;

  test.each<[string, (controller: any) => void, string]>([
    [
      'pods that end before the load balancer lets go of them',
      (own) => (own.lifecycle.preStop.exec.command = ['/wait-shutdown']),
      `${path('lifecycle.preStop')}: a pod that must go serves for 0 more seconds, and new connections come for 120; have it sleep for 120 seconds or more`,
    ],
    [
      'pods that are ended before they have done',
      (own) => (own.terminationGracePeriodSeconds = 200),
      `${path('terminationGracePeriodSeconds')}: 200 seconds end before the 180 that it waits and the 60 that a request may take; write 240 or more`,
    ],
    [
      'headers of clients',
      (own) => (own.config['use-forwarded-headers'] = 'true'),
      `${path('config.use-forwarded-headers')}: a client could say of itself who it is; leave it out: the load balancer is no HTTP proxy, so these headers are the clients’ own`,
    ],
    [
      'a load balancer that says nothing',
      (own) => delete own.service.annotations[`${NLB}proxy-protocol`],
      `${path('config.use-proxy-protocol')}: nginx waits to be told who calls, and the load balancer says nothing; switch the proxy protocol on at both ends, or at none`,
    ],
    [
      'a nginx that does not listen',
      (own) => (own.config['use-proxy-protocol'] = 'false'),
      `${path('config.use-proxy-protocol')}: the load balancer says who calls, and nginx takes it for a broken request; switch the proxy protocol on at both ends, or at none`,
    ],
    [
      'HTTP that is served',
      (own) => (own.service.targetPorts.http = 'http'),
      `${path('service.targetPorts.http')}: what comes by HTTP does not go to a port that only redirects; have a server of config.http-snippet listen at a port of its own, and name that port`,
    ],
    [
      'a redirect that the load balancer’s first words break',
      (own) => (own.config['http-snippet'] = own.config['http-snippet'].replace(' proxy_protocol', '')),
      `${path('config.http-snippet')}: a server takes for a broken request what the load balancer says of who calls; add "proxy_protocol" to its "listen"`,
    ],
    [
      'HTTPS that goes to a port for HTTPS',
      (own) => (own.service.targetPorts.https = 'https'),
      `${path('service.targetPorts.https')}: what comes by HTTPS does not go to the port at which nginx takes plain requests, 8080; write the name of that port`,
    ],
    [
      'clients that the proxy makes one',
      (own) => (own.podAnnotations['config.linkerd.io/skip-inbound-ports'] = '8081,8443'),
      `${path('podAnnotations.config.linkerd.io/skip-inbound-ports')}: the load balancer's connections to port 8080 go by way of the proxy, which makes every client one; add 8080`,
    ],
    [
      'the mode of the mesh that goes past the split',
      (own) => (own.podAnnotations['linkerd.io/inject'] = 'ingress'),
      `${path('podAnnotations.linkerd.io/inject')}: it is not in the mesh: nothing would be split, and services would refuse it; write "enabled"; not "ingress", which goes past the split`,
    ],
    [
      'targets that are nodes',
      (own) => (own.service.annotations[`${NLB}nlb-target-type`] = 'instance'),
      `${path(`service.annotations.${NLB}nlb-target-type`)}: the load balancer sends to nodes: no pod can wait until it is a target; write "ip"`,
    ],
    [
      'no certificate',
      (own) => delete own.service.annotations[`${NLB}ssl-cert`],
      `${path(`service.annotations.${NLB}ssl-cert`)}: HTTPS has no certificate; give the ARN of one`,
    ],
  ])('%s', (_, change, says) => {
    expect(said(changed(CONTROLLER, (object) => change(controller(object))))).toContain(says);
  });

  test('pods that are ready too soon', () => {
    const broken = changed({ file: EDGE, kind: 'Namespace' }, ({ metadata }) => {
      delete metadata.labels['elbv2.k8s.aws/pod-readiness-gate-inject'];
    });
    expect(said(broken)).toEqual([
      'spec.values.controller.service: pods of the namespace "ingress-nginx" are ready before the load balancer knows them; label it elbv2.k8s.aws/pod-readiness-gate-inject: enabled',
    ]);
  });

  test('once, though every route breaks by it', () => {
    const broken = changed(CONTROLLER, (object) => (controller(object).terminationGracePeriodSeconds = 30));
    const own = POLICIES.filter(({ name }) => name === 'routes');
    expect(policyFindings(config, { files: new Map(), manifests: [...broken] }, own)).toHaveLength(1);
  });
});

test('names that several clusters publish are told once for each set of clusters', () => {
  expect(
    collisions([
      { cluster: 'prod-us-east-1', host: 'conduit.slipway.example' },
      { cluster: 'prod-eu-west-1', host: 'conduit.slipway.example' },
      { cluster: 'prod-eu-west-1', host: 'shop.slipway.example' },
      { cluster: 'prod-us-east-1', host: 'shop.slipway.example' },
      // Two paths of one host, in one cluster.
      { cluster: 'dev-eu-west-1', host: 'conduit.dev.slipway.example' },
      { cluster: 'dev-eu-west-1', host: 'conduit.dev.slipway.example' },
    ]),
  ).toEqual([
    'conduit.slipway.example, shop.slipway.example: published by prod-eu-west-1, prod-us-east-1; whose external-dns came first gets the users, the others stand by',
  ]);
});
