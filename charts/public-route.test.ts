import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { PublicRoute, type PublicRouteProps } from './public-route.ts';

const PREFIX = 'nginx.ingress.kubernetes.io/';

function objects(props: Partial<PublicRouteProps> = {}): any[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  new PublicRoute(chart, 'shop', { host: 'shop.example.com', service: { name: 'shop', port: 80 }, ...props });
  return chart.toJson() as any[];
}

const ingress = (props?: Partial<PublicRouteProps>) => objects(props).find(({ kind }) => kind === 'Ingress');

const told = (props?: Partial<PublicRouteProps>) =>
  Object.fromEntries(
    Object.entries(ingress(props).metadata.annotations).map(([name, value]) => [
      name.replace(PREFIX, ''),
      value,
    ]),
  );

describe('a route', () => {
  test('sends all of its host to the Service, and never past it to pods', () => {
    expect(objects()).toHaveLength(1);
    expect(told()).toEqual({ 'service-upstream': 'true' });
    expect(ingress().spec).toEqual({
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } },
            ],
          },
        },
      ],
    });
  });

  test.each<[string, Partial<PublicRouteProps>, object]>([
    [
      'ranges',
      { allowFrom: ['192.0.2.0/24', '198.51.100.7/32'] },
      { 'whitelist-source-range': '192.0.2.0/24,198.51.100.7/32' },
    ],
    [
      'a rate',
      { rateLimit: { perSecond: 20, burstSeconds: 3 } },
      { 'limit-rps': '20', 'limit-burst-multiplier': '3' },
    ],
    ['connections', { rateLimit: { connections: 10 } }, { 'limit-connections': '10' }],
    ['time', { answerSeconds: 300 }, { 'proxy-read-timeout': '300', 'proxy-send-timeout': '300' }],
    ['room', { bodyMebibytes: 16 }, { 'proxy-body-size': '16m' }],
    [
      'sign-in, on its own host',
      { signIn: { url: 'http://oauth2-proxy.oauth2-proxy.svc.cluster.local' } },
      {
        'auth-url': 'http://oauth2-proxy.oauth2-proxy.svc.cluster.local/oauth2/auth',
        'auth-signin': 'https://$host/oauth2/start?rd=$escaped_request_uri',
        'auth-response-headers': 'X-Auth-Request-Email',
      },
    ],
  ])('tells the controller of %s', (_, props, annotations) => {
    expect(told(props)).toEqual({ 'service-upstream': 'true', ...annotations });
  });

  test('brings the headers of its answers along', () => {
    const [headers, route] = objects({ headers: { 'X-Frame-Options': 'DENY' } });
    expect(headers).toMatchObject({ kind: 'ConfigMap', data: { 'X-Frame-Options': 'DENY' } });
    const { namespace, name } = headers.metadata;
    expect(route.metadata.annotations[`${PREFIX}custom-headers`]).toBe(`${namespace}/${name}`);
  });

  test('stands where its Service is, though its chart is elsewhere', () => {
    const made = objects({
      service: { name: 'web', port: 8084, namespace: 'linkerd-viz' },
      headers: { 'X-Frame-Options': 'DENY' },
    });
    expect(made.map(({ metadata }) => metadata.namespace)).toEqual(['linkerd-viz', 'linkerd-viz']);
    expect(made[1].metadata.annotations[`${PREFIX}custom-headers`]).toBe('linkerd-viz/shop-headers');
  });
});

test.each<[string, Partial<PublicRouteProps>, string]>([
  [
    'a host of one label',
    { host: 'shop' },
    'host: found "shop"; allowed: a DNS name in lower case of at least two labels, each at most 63 long, such as "shop.example.com"',
  ],
  [
    'a host with a label that is too long for DNS',
    { host: `${'a'.repeat(64)}.example.com` },
    `host: found "${'a'.repeat(64)}.example.com"; allowed: a DNS name in lower case of at least two labels, each at most 63 long, such as "shop.example.com"`,
  ],
  ['no path', { paths: [] }, 'paths: found []; allowed: one path or more; leave it out for all of the host'],
  [
    'a path that the controller would refuse',
    { paths: ['/~me'] },
    'paths[0]: found "/~me"; allowed: "/", or a path of letters, digits, ".", "_" and "-" that begins with a slash and ends with none, such as "/api/users"',
  ],
  ['a path twice', { paths: ['/a', '/a'] }, 'paths[1]: found "/a"; allowed: each path once'],
  [
    'ranges that would let everybody in',
    { allowFrom: [] },
    'allowFrom: found []; allowed: one CIDR or more; leave it out for everywhere',
  ],
  [
    'an address that is no range',
    { allowFrom: ['192.0.2.1'] },
    'allowFrom[0]: found "192.0.2.1"; allowed: a CIDR, such as "203.0.113.0/24"',
  ],
  [
    'a limit of nothing',
    { rateLimit: {} },
    'rateLimit: found {}; allowed: "perSecond" or "connections", or both',
  ],
  [
    'a burst of no rate',
    { rateLimit: { connections: 5, burstSeconds: 2 } },
    'rateLimit.burstSeconds: means nothing without "perSecond"; give that too',
  ],
  [
    'a rate that lets nobody in',
    { rateLimit: { perSecond: 0 } },
    'rateLimit.perSecond: found 0; allowed: a whole number of 1 or more',
  ],
  [
    'a time that never comes',
    { answerSeconds: 0 },
    'answerSeconds: found 0; allowed: a whole number from 1 to 3600 (seconds)',
  ],
  [
    'a body of half a mebibyte',
    { bodyMebibytes: 0.5 },
    'bodyMebibytes: found 0.5; allowed: a whole number from 1 to 1024 (mebibytes)',
  ],
  [
    'a header over two lines',
    { headers: { 'X-Frame-Options': 'DENY\nX-Evil: 1' } },
    'headers.X-Frame-Options: found "DENY\\nX-Evil: 1"; allowed: plain letters in one line',
  ],
])('refuses %s', (_, props, says) => {
  expect(() => objects(props)).toThrow(`chart/shop: ${says}`);
});

test('names all that is wrong at once', () => {
  expect(() => objects({ host: 'shop', allowFrom: [], answerSeconds: 0 })).toThrow(
    /host: .*\n.*allowFrom: .*\n.*answerSeconds: /,
  );
});
