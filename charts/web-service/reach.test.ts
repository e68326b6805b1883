// Who reaches whom: network policies and Linkerd's policy together, as connections and requests meet them.

import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { AppNamespace } from '../app-namespace.ts';
import type { ReleaseStrategy } from '../release-strategy.ts';
import { type Pods, stateIn } from '../testing/flagger.ts';
import { type Identity, mayRequest } from '../testing/mesh.ts';
import { type End, mayConnect } from '../testing/network.ts';
import { objectsIn, PLATFORM, SHOP } from '../testing/sample.ts';
import { WebService, type WebServiceProps } from '../web-service.ts';

const NAME = 'app.kubernetes.io/name';

/** The port at which a proxy takes what comes from other proxies, whichever port it is for. */
const MESH = 4143;

/** Somebody in the cluster, or outside of it. */
interface Somebody {
  end: End;
  /** Who they are to the mesh; nobody when they are not in it. */
  identity?: Identity;
}

function meshed(namespace: string, labels: Record<string, string>, serviceAccount: string): Somebody {
  return { end: { namespace, labels }, identity: { serviceAccount, namespace } };
}

const service = (name: string, namespace = 'shop', account = name) =>
  meshed(namespace, { [NAME]: name }, account);

const WHO = {
  'the ingress controller': meshed('ingress', { app: 'controller' }, 'ingress-account'),
  'its neighbour, with another account': meshed('ingress', { app: 'other' }, 'default'),
  'a pod that has its account and not its labels': meshed('ingress', { app: 'other' }, 'ingress-account'),
  'a pod that has its labels and not its account': meshed('ingress', { app: 'controller' }, 'default'),
  'the load tester': meshed('flagger-system', { app: 'load-tester' }, 'load-account'),
  'a service that is named': service('cart', 'cart'),
  'the primary of one that is named': service('cart-primary', 'cart', 'cart'),
  'a service of that name elsewhere': service('cart', 'elsewhere'),
  'a job that is named': meshed('reports', { job: 'nightly' }, 'nightly'),
  'a service of the same namespace that is not named': service('stock'),
  'what is not in the mesh, where a named one is': { end: { namespace: 'cart', labels: { [NAME]: 'cart' } } },
  Prometheus: { end: { namespace: 'monitoring', labels: { app: 'prometheus' } } },
  'Prometheus in the mesh': meshed('monitoring', { app: 'prometheus' }, 'prometheus'),
  Grafana: { end: { namespace: 'monitoring', labels: { app: 'grafana' } } },
} satisfies Record<string, Somebody>;

type Who = keyof typeof WHO;

const USERS = { method: 'GET', path: '/' };

/** The objects of `shop`, which `cart` and a job may call, and which calls `prices`. */
function shop(release: ReleaseStrategy, props: Partial<WebServiceProps> = {}) {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  new AppNamespace(chart, 'namespace', { name: 'shop' });
  new WebService(chart, 'shop', {
    ...SHOP,
    release,
    database: { name: 'shop' },
    callers: [
      { name: 'cart', namespace: 'cart' },
      { namespace: 'reports', labels: { job: 'nightly' }, serviceAccount: 'nightly' },
    ],
    calls: [{ name: 'prices', namespace: 'prices' }],
    egress: [{ cidr: '203.0.113.0/24', except: ['203.0.113.128/25'], ports: [443] }],
    ...props,
  } as WebServiceProps);
  return objectsIn(chart);
}

/** Whether somebody's request to a port of pods is answered: by the proxies where both have one, else at the port itself. */
function reaches(
  objects: ReturnType<typeof shop>,
  { end, identity }: Somebody,
  to: Pods,
  port: number,
  request: { method: string; path: string },
): boolean {
  // Proxies have no proxy port for their own ports.
  const connects = mayConnect(objects, end, to, identity && port !== 4191 ? MESH : port);
  return connects && mayRequest(objects, to, port, identity, request);
}

const JUDGED = [{ strategy: 'canary' }, { strategy: 'blueGreen' }] as const;

describe.each([...JUDGED, { strategy: 'rolling' }] as const)('with a $strategy release', (release) => {
  const objects = shop(release);
  const { pods } = stateIn('during', objects);
  const load = release.strategy === 'rolling' ? [] : (['the load tester'] as const);

  test.each(pods)('users’ requests to $name come from who is named', (to) => {
    expect(
      (Object.keys(WHO) as Who[]).filter((who) => reaches(objects, WHO[who], to, 8080, USERS)).sort(),
    ).toEqual(
      [
        'the ingress controller',
        ...load,
        'a service that is named',
        'the primary of one that is named',
        'a job that is named',
      ].sort(),
    );
  });

  test.each(pods)('nobody reaches $name at its own port, past the proxies', (to) => {
    for (const { end } of Object.values(WHO)) expect(mayConnect(objects, end, to, 8080)).toBe(false);
  });

  test.each(pods)(
    'the metrics of $name go to Prometheus, and through the mesh to who may call anyway',
    (to) => {
      const request = { method: 'GET', path: '/metrics' };
      const readers = (Object.keys(WHO) as Who[]).filter((who) =>
        reaches(objects, WHO[who], to, 9090, request),
      );
      expect(readers).toContain('Prometheus');
      expect(readers).toContain('Prometheus in the mesh');
      expect(readers).not.toContain('Grafana');
      expect(readers).not.toContain('a service of the same namespace that is not named');
      expect(readers).not.toContain('what is not in the mesh, where a named one is');
    },
  );

  test.each(pods)('the management port of $name has nothing else for anybody, named or not', (to) => {
    for (const somebody of Object.values(WHO)) {
      for (const path of ['/', '/debug', '/livez/x']) {
        expect(reaches(objects, somebody, to, 9090, { method: 'GET', path })).toBe(false);
      }
      expect(reaches(objects, somebody, to, 9090, { method: 'POST', path: '/livez' })).toBe(false);
    }
  });

  test.each(pods)(
    'probes of $name pass: they come from its node, where no network policy holds, and have no identity',
    (to) => {
      for (const path of ['/livez', '/readyz']) {
        expect(mayRequest(objects, to, 9090, undefined, { method: 'GET', path })).toBe(true);
      }
      expect(mayRequest(objects, to, 8080, undefined, USERS)).toBe(false);
    },
  );

  test.each(pods)('the requests of $name are shown to tap alone, and tap makes none', (to) => {
    const tap = { namespace: 'viz', labels: { app: 'tap' } };
    const everybody = [...Object.values(WHO).map(({ end }) => end), tap];
    expect(everybody.filter((end) => mayConnect(objects, end, to, 4190))).toEqual([tap]);
    for (const port of [8080, 9090, MESH]) expect(mayConnect(objects, tap, to, port)).toBe(false);
  });

  test.each(pods)('the proxy of $name is scraped by Prometheus alone', (to) => {
    const request = { method: 'GET', path: '/metrics' };
    expect(
      (Object.keys(WHO) as Who[]).filter((who) => reaches(objects, WHO[who], to, 4191, request)),
    ).toEqual(['Prometheus', 'Prometheus in the mesh']);
  });

  const COREDNS = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  const LINKERD = { namespace: 'linkerd', labels: { 'linkerd.io/control-plane-component': 'destination' } };
  const COLLECTOR = { namespace: 'telemetry', labels: { app: 'collector' } };
  const reach: [string, End, number, string, boolean][] = [
    ['DNS', COREDNS, 53, 'UDP', true],
    ['DNS in long', COREDNS, 53, 'TCP', true],
    ['DNS by other pods', { namespace: 'kube-system', labels: { app: 'other' } }, 53, 'UDP', false],
    ['the mesh’s destinations', LINKERD, 8086, 'TCP', true],
    ['the mesh’s identities', LINKERD, 8080, 'TCP', true],
    ['the mesh’s policies', LINKERD, 8090, 'TCP', true],
    ['other ports of the mesh', LINKERD, 9443, 'TCP', false],
    ['its AWS role', { ip: '169.254.170.23' }, 80, 'TCP', true],
    ['the role of its node', { ip: '169.254.169.254' }, 80, 'TCP', false],
    ['the database', { ip: '10.0.70.1' }, 5432, 'TCP', true],
    ['the database’s host otherwise', { ip: '10.0.70.1' }, 22, 'TCP', false],
    ['another subnet', { ip: '10.0.80.1' }, 5432, 'TCP', false],
    ['the collector', COLLECTOR, 4318, 'TCP', true],
    ['the collector through the mesh', COLLECTOR, MESH, 'TCP', true],
    ['the service it calls', service('prices', 'prices').end, MESH, 'TCP', true],
    ['that service’s primary', service('prices-primary', 'prices').end, MESH, 'TCP', true],
    ['that service past the mesh', service('prices', 'prices').end, 8080, 'TCP', false],
    ['a service it does not call', service('cart', 'cart').end, MESH, 'TCP', false],
    ['the load tester, which runs what it is sent', WHO['the load tester'].end, MESH, 'TCP', false],
    ['what is named outside', { ip: '203.0.113.5' }, 443, 'TCP', true],
    ['what is not meant there', { ip: '203.0.113.200' }, 443, 'TCP', false],
    ['other ports there', { ip: '203.0.113.5' }, 80, 'TCP', false],
    ['the rest of the world', { ip: '198.51.100.1' }, 443, 'TCP', false],
    ['the API server', { ip: '10.0.0.2' }, 443, 'TCP', false],
  ];
  test.each(reach)('its pods and %s', (_, to, port, protocol, may) => {
    for (const from of pods) expect(mayConnect(objects, from, to, port, protocol)).toBe(may);
  });
});

describe('two services of one namespace that know each other', () => {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  new AppNamespace(chart, 'namespace', { name: 'shop' });
  const stock = { name: 'stock', namespace: 'shop' };
  const web = new WebService(chart, 'web', { ...SHOP, calls: [stock] } as WebServiceProps);
  new WebService(chart, 'stock', { image: SHOP.image, platform: PLATFORM, public: false, callers: [web] });
  const objects = objectsIn(chart);

  test.each(['before', 'during'] as const)('meet %s a release, one way and not the other', (phase) => {
    const { pods } = stateIn(phase, objects);
    const of = (name: string) => pods.filter(({ serviceAccount }) => serviceAccount === name);
    const asSomebody = (from: Pods): Somebody => ({
      end: from,
      identity: { serviceAccount: from.serviceAccount, namespace: from.namespace },
    });
    expect(of('web').length * of('stock').length).toBe(phase === 'during' ? 4 : 1);
    for (const caller of of('web')) {
      for (const callee of of('stock')) {
        expect(reaches(objects, asSomebody(caller), callee, 8080, USERS)).toBe(true);
        expect(reaches(objects, asSomebody(callee), caller, 8080, USERS)).toBe(false);
      }
    }
  });

  test('let no user in where users have no business', () => {
    const { pods } = stateIn('before', objects);
    for (const to of pods.filter(({ serviceAccount }) => serviceAccount === 'stock')) {
      expect(reaches(objects, WHO['the ingress controller'], to, 8080, USERS)).toBe(false);
    }
  });
});

test('testers come in by the ingress controller, also to a service without users', () => {
  const release: ReleaseStrategy = { strategy: 'blueGreen', preview: { host: 'preview.example.com' } };
  const internal = {
    public: false,
    host: undefined,
    callers: [{ name: 'cart', namespace: 'cart' }],
  } as const;
  for (const [strategy, may] of [
    [release, true],
    [{ strategy: 'blueGreen' } as const, false],
  ] as const) {
    const objects = shop(strategy, internal as Partial<WebServiceProps>);
    for (const to of stateIn('during', objects).pods) {
      expect(reaches(objects, WHO['the ingress controller'], to, 8080, USERS)).toBe(may);
    }
  }
});

test('in the namespace of an app, pods that no policy names reach nothing and nobody', () => {
  const objects = shop({ strategy: 'rolling' });
  const stray = { namespace: 'shop', labels: { app: 'stray' } };
  for (const port of [80, 443, MESH, 8080]) {
    expect(mayConnect(objects, stray, { ip: '198.51.100.1' }, port)).toBe(false);
    expect(mayConnect(objects, WHO['the ingress controller'].end, stray, port)).toBe(false);
  }
});
