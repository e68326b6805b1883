import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { KubeDeployment } from 'cdk8s-plus-28/lib/imports/k8s.js';
import fc from 'fast-check';
import { AppQuota, PROXY } from './app-quota.ts';
import { CoreResource, type Resource } from './custom-resource.ts';
import type { ReleaseStrategy } from './release-strategy.ts';
import { SHOP } from './testing/sample.ts';
import { WebService, type WebServiceProps } from './web-service.ts';

/** The objects of an app, with its quota. */
function objects(
  services: Readonly<Record<string, Partial<WebServiceProps>>>,
  more?: (chart: Chart) => void,
) {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  for (const [name, props] of Object.entries(services)) {
    new WebService(chart, name, { ...SHOP, routeName: name, ...props } as WebServiceProps);
  }
  more?.(chart);
  new AppQuota(chart, 'quota', { namespace: 'shop', of: chart });
  return chart.toJson() as (Resource & { spec: any })[];
}

const quotaOf = (all: ReturnType<typeof objects>) =>
  all.find(({ kind, metadata }) => kind === 'ResourceQuota' && metadata?.name === 'pods')?.spec.hard;

/** A quantity in the smallest unit that the tests use: thousandths of a core, or bytes. */
function amount(quantity: string): number {
  const [, number = '', unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  const units: Record<string, number> = { m: 1, '': 1000, Mi: 2 ** 20, Gi: 2 ** 30, M: 1e6, G: 1e9 };
  return Number(number) * (units[unit] ?? Number.NaN);
}

/** What a Deployment's pods ask for, proxies included, when so many of them are there. */
function asked(deployment: Resource & { spec: any }, pods: number) {
  const containers: any[] = deployment.spec.template.spec.containers;
  const sum = (read: (resources: any) => string, proxy: string) =>
    pods * (containers.reduce((total, { resources }) => total + amount(read(resources)), 0) + amount(proxy));
  return {
    pods,
    'requests.cpu': sum(({ requests }) => requests.cpu, PROXY.cpu),
    'requests.memory': sum(({ requests }) => requests.memory, PROXY.memory),
    'limits.memory': sum(({ limits }) => limits.memory, PROXY.memoryLimit),
  };
}

const release = fc.constantFrom<ReleaseStrategy>(
  { strategy: 'rolling' },
  { strategy: 'canary' },
  { strategy: 'blueGreen' },
);

const service = fc.record({
  replicas: fc.integer({ min: 1, max: 200 }).map((max) => ({ min: 1, max })),
  cpu: fc.constantFrom('20m', '100m', '0.25', '1', '1.5', '2'),
  memory: fc.constantFrom('64Mi', '192Mi', '1Gi', '1.5Gi', '500M', '2G'),
  release,
});

describe('the quota of an app', () => {
  test('has room for two versions of each service at their most, both of them exchanging all their pods', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/), service, { minKeys: 1, maxKeys: 4 }),
        (services) => {
          const all = objects(services);
          const hard = quotaOf(all);
          const need = { pods: 0, 'requests.cpu': 0, 'requests.memory': 0, 'limits.memory': 0 };
          for (const deployment of all.filter(({ kind }) => kind === 'Deployment')) {
            const name = deployment.metadata?.name;
            const scaler = all.find(
              ({ kind, metadata }) => kind === 'HorizontalPodAutoscaler' && metadata?.name === name,
            );
            const most: number = scaler?.spec.maxReplicas;
            const surge = Number.parseInt(deployment.spec.strategy.rollingUpdate.maxSurge, 10) / 100;
            // Those that serve, those that come, and those that go.
            const pods = most + Math.ceil(most * surge) + most;
            const versions = all.some(({ kind, metadata }) => kind === 'Canary' && metadata?.name === name)
              ? 2
              : 1;
            const own = asked(deployment, versions * pods);
            for (const key of Object.keys(need) as (keyof typeof need)[]) need[key] += own[key];
          }
          for (const key of Object.keys(need) as (keyof typeof need)[]) {
            const allowed = key === 'pods' ? Number(hard[key]) : amount(hard[key]);
            expect(allowed).toBeGreaterThanOrEqual(need[key]);
            // And not for ten times as much.
            expect(allowed).toBeLessThanOrEqual(need[key] * 1.05 + 2 ** 20);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('opens no door of its own to the outside', () => {
    const services = objects({ shop: {} }).find(({ metadata }) => metadata?.name === 'services');
    expect(services?.spec.hard).toEqual({ 'services.loadbalancers': '0', 'services.nodeports': '0' });
  });

  test('gives what is put into pods by others something to ask for, since a quota wants it said', () => {
    const limits = objects({ shop: {} }).find(({ kind }) => kind === 'LimitRange')?.spec.limits;
    expect(limits).toEqual([
      {
        type: 'Container',
        defaultRequest: { cpu: '10m', memory: '32Mi' },
        default: { memory: '256Mi' },
      },
    ]);
  });

  test('counts no pods where something runs that it knows nothing of', () => {
    const labels = { app: 'other' };
    const container = { name: 'other', image: 'ghcr.io/example/other:1.0.0' };
    const all = objects({ shop: {} }, (chart) => {
      new CoreResource(chart, 'other', KubeDeployment, {
        metadata: { name: 'other' },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container] } },
        },
      });
    });
    expect(quotaOf(all)).toBeUndefined();
    expect(quotaOf(objects({}))).toBeUndefined();
  });
});
