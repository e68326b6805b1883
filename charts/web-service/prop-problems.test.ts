import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { PropsError } from '../props-error.ts';
import { chartWith, PLATFORM, SHOP } from '../testing/sample.ts';
import { WebService, type WebServiceProps } from '../web-service.ts';
import type { Caller, SecretSource } from './props.ts';

const CART = { name: 'cart', namespace: 'cart' };

/** What is said of a service that has these props too. */
function said(props: Partial<WebServiceProps>, name = 'shop'): string[] {
  try {
    chartWith({ ...SHOP, ...props } as WebServiceProps, name);
    return [];
  } catch (error) {
    if (!(error instanceof PropsError)) throw error;
    return error.message.split('\n');
  }
}

describe('a web service is refused', () => {
  test.each<[string, Partial<WebServiceProps>, string]>([
    [
      'with more pods at least than at most',
      { replicas: { min: 4, max: 2 } },
      'replicas.max: found 2; allowed: a whole number of 4 or more (at least "min")',
    ],
    [
      'with no pods',
      { replicas: { min: 0, max: 2 } },
      'replicas.min: found 0; allowed: a whole number of 1 or more',
    ],
    [
      'with CPU of no unit that is',
      { cpu: '100M' },
      'cpu: found "100M"; allowed: cores over 0, such as "100m" or "1.5"',
    ],
    [
      'with a fifth of a byte',
      { memory: '192m' },
      'memory: found "192m"; allowed: bytes over 0 with their unit, such as "192Mi" or "1Gi"',
    ],
    [
      'on a port of the proxy beside it',
      { port: 4143 },
      'port: found 4143; allowed: another port: 4140, 4143, 4190, 4191 are those of the proxy beside it',
    ],
    [
      'on a port that is none',
      { managementPort: 70_000 },
      'managementPort: found 70000; allowed: a whole number from 1 to 65535',
    ],
    [
      'with one port for users and probes',
      { port: 9090 },
      'managementPort: found 9090; allowed: another than "port": probes would count as users’ requests',
    ],
    [
      'with a port set behind its back',
      { env: { PORT: '3000' } },
      'env.PORT: is set from the prop "port"; use that',
    ],
    [
      'with a variable that is said twice',
      { env: { TOKEN: '${TOKEN}' }, secrets: { TOKEN: { remoteKey: 'shop/token' } } },
      'secrets.TOKEN: stands in "env" too; leave one out',
    ],
    [
      'with a secret of no name',
      { secrets: { TOKEN: { remoteKey: '' } } },
      'secrets.TOKEN.remoteKey: found ""; allowed: the name of a secret, behind the names of cluster and app, such as "session-key"',
    ],
    [
      'with a secret by a path',
      { secrets: { TOKEN: { remoteKey: '/shop/token' } } },
      'secrets.TOKEN.remoteKey: found "/shop/token"; allowed: the name of a secret, behind the names of cluster and app, such as "session-key"',
    ],
    [
      'with no path',
      { paths: [] },
      'paths: found []; allowed: one path or more; leave it out for all of the host',
    ],
    [
      'with a path that no prefix can be',
      { paths: ['/api/'] },
      'paths[0]: found "/api/"; allowed: "/", or a path of letters, digits, ".", "_" and "-" that begins with a slash and ends with none, such as "/api/users"',
    ],
    ['with a path twice', { paths: ['/api', '/api'] }, 'paths[1]: found "/api"; allowed: each path once'],
    [
      'with a probe that asks for no path',
      { management: { live: 'livez' } },
      'management.live: found "livez"; allowed: a path that begins with a slash, such as "/livez"',
    ],
    [
      'with a port outside that is none',
      { egress: [{ cidr: '203.0.113.0/24', ports: [443, 0] }] },
      'egress[0].ports[1]: found 0; allowed: a whole number from 1 to 65535',
    ],
    [
      'with a database that no subnet leads to',
      { database: { name: 'shop' }, platform: { ...PLATFORM, database: { host: 'db', cidrs: [] } } },
      'platform.database.cidrs: found []; allowed: the CIDRs of the database’s subnets, or nothing reaches it',
    ],
    [
      'with a drain that nobody waits for',
      { drainSeconds: 900 },
      'drainSeconds: found 900; allowed: a whole number from 0 to 600',
    ],
    [
      'with no time to start',
      { startSeconds: 0 },
      'startSeconds: found 0; allowed: a whole number of 1 or more',
    ],
    [
      'with more memory in use than it may use',
      { scaling: { memoryPercent: 120 } },
      'scaling.memoryPercent: found 120; allowed: a whole number from 1 to 100 (percent; a pod may not use more than it asks for)',
    ],
    [
      'with pods that may never go',
      { maxUnavailable: 0 },
      'maxUnavailable: found 0; allowed: a whole number of 1 or more (with 0 no node could ever be emptied)',
    ],
    [
      'with a release that makes no sense',
      { release: { strategy: 'canary', threshold: 0 } },
      'release.threshold: found 0; allowed: a whole number of 1 or more (Flagger takes 0 for 1)',
    ],
    [
      'with a promise that leaves nothing to fail',
      { objectives: { successPercent: 100 } },
      'objectives.successPercent: found 100; allowed: a number from 95 to 99.99 (percent)',
    ],
    [
      'with a promise so small that nobody would ever be woken',
      { objectives: { inTimePercent: 90 } },
      'objectives.inTimePercent: found 90; allowed: a number from 95 to 99.99 (percent)',
    ],
    [
      'with a time that the mesh does not count at',
      { objectives: { inTimeMilliseconds: 450 as 400 } },
      'objectives.inTimeMilliseconds: found 450; allowed: an edge of the mesh’s buckets (milliseconds), such as 400 or 500: between two nothing is counted',
    ],
    [
      'with a time that no bucket is for',
      { objectives: { inTimeMilliseconds: 60_000 as 50_000 } },
      'objectives.inTimeMilliseconds: found 60000; allowed: an edge of the mesh’s buckets (milliseconds), such as 50000: between two nothing is counted',
    ],
    [
      'with a picture of a metric under a name that Prometheus does not have',
      { panels: [{ title: 'Orders', lines: [{ metric: 'orders.total', type: 'counter', by: 'the kind' }] }] },
      'panels[0].lines[0].metric: found "orders.total"; allowed: a name as Prometheus has it: letters, digits and "_"\nchart/shop: panels[0].lines[0].by: found "the kind"; allowed: a name as Prometheus has it: letters, digits and "_"',
    ],
    [
      'with pictures of metrics that it does not have',
      {
        management: { metrics: false },
        panels: [{ title: 'Orders', lines: [{ metric: 'orders_total', type: 'counter' }] }],
      },
      'panels: draw metrics, and by "management.metrics" it has none; leave one out',
    ],
  ])('%s', (_, props, message) => {
    expect(said(props).join('\n')).toBe(`chart/shop: ${message}`);
  });

  test.each([
    [
      'Shop',
      'lower-case letters, digits and "-", starting with a letter and at most 55 long (Flagger adds "-primary" to it)',
    ],
    [
      's'.repeat(56),
      'lower-case letters, digits and "-", starting with a letter and at most 55 long (Flagger adds "-primary" to it)',
    ],
    ['shop-primary', 'another end: Flagger calls so what it makes for a service'],
    ['shop-canary', 'another end: Flagger calls so what it makes for a service'],
  ])('under the name %s', (name, allowed) => {
    expect(said({}, name)).toEqual([`chart/${name}: id: found "${name}"; allowed: ${allowed}`]);
  });

  test('in a chart without a namespace', () => {
    expect(() => new WebService(new Chart(new App(), 'chart'), 'shop', SHOP)).toThrow(
      'chart/shop: namespace: is missing; give the chart one, which is the service’s too',
    );
  });

  test('when nobody may call it, even where the types were got around: an empty list would let everybody in', () => {
    const props = {
      image: SHOP.image,
      platform: PLATFORM,
      public: false,
      callers: [],
    } as unknown as WebServiceProps;
    expect(() => chartWith(props)).toThrow(
      'chart/shop: callers: found []; allowed: one caller or more: with "public: false" nobody else may call it',
    );
  });

  test('for all that is wrong with it at once, a line each', () => {
    expect(said({ cpu: '', memory: '', replicas: { min: 0, max: 0 } })).toHaveLength(4);
  });
});

describe('what cannot be typed', () => {
  test('is a service that nobody may call, or one that is hidden and has a host', () => {
    // @ts-expect-error nobody could call it
    const nobody: WebServiceProps = { image: SHOP.image, platform: PLATFORM, public: false };
    // @ts-expect-error nor so
    const none: WebServiceProps = { image: SHOP.image, platform: PLATFORM, public: false, callers: [] };
    // @ts-expect-error users can't reach it there
    const hidden: WebServiceProps = {
      image: SHOP.image,
      platform: PLATFORM,
      public: false,
      callers: [CART],
      host: 'shop.example.com',
    };
    // @ts-expect-error where would users reach it?
    const nowhere: WebServiceProps = { image: SHOP.image, platform: PLATFORM };
    expect([nobody, none, hidden, nowhere]).toHaveLength(4);
  });

  test('is a secret from two places', () => {
    // @ts-expect-error
    const secret: SecretSource = { remoteKey: 'shop', name: 'shop', key: 'key' };
    expect(secret).toBeDefined();
  });

  test('is a caller that is a service, and pods with an account of their own', () => {
    // @ts-expect-error
    const caller: Caller = { ...CART, serviceAccount: 'other' };
    expect(caller).toBeDefined();
  });
});
