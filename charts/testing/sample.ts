// A platform, and a web service called "shop" on it, for tests.

import { App, Chart } from 'cdk8s';
import type { Resource } from '../custom-resource.ts';
import type { Platform } from '../platform.ts';
import { WebService, type WebServiceProps } from '../web-service.ts';

/** The platform that sample services stand on. */
export const PLATFORM: Platform = {
  ingressController: {
    namespace: 'ingress',
    labels: { app: 'controller' },
    serviceAccount: 'ingress-account',
  },
  loadTester: {
    namespace: 'flagger-system',
    labels: { app: 'load-tester' },
    serviceAccount: 'load-account',
    url: 'http://load.example.com/',
  },
  metricTemplates: { namespace: 'flagger-system', successRate: 'success-rate', p99: 'p99' },
  prometheus: { namespace: 'monitoring', labels: { app: 'prometheus' } },
  runbooks: 'https://git.example.com/shop/blob/main/docs/runbooks',
  meshNamespace: 'linkerd',
  tap: { namespace: 'viz', labels: { app: 'tap' } },
  collector: { namespace: 'telemetry', port: 4318, url: 'http://collector.telemetry:4318' },
  secretStore: 'store',
  secretPrefix: 'dev/',
  database: { host: 'db.example.com', cidrs: ['10.0.64.0/20'] },
};

/** What every public service must say. */
export const SHOP: WebServiceProps = {
  image: { reference: 'ghcr.io/example/shop:1.0.0' },
  platform: PLATFORM,
  host: 'shop.example.com',
};

/** A chart with the given service in it, in the namespace `shop`. */
export function chartWith(props: WebServiceProps, name = 'shop'): Chart {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  new WebService(chart, name, props);
  return chart;
}

/** The objects of a chart. */
export function objectsIn(chart: Chart): Resource[] {
  return chart.toJson();
}

/** The objects of a service called `shop`. */
export function objectsOf(props: WebServiceProps): Resource[] {
  return objectsIn(chartWith(props));
}
