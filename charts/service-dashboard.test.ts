import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { RELEASE_VOLUME } from './release-identity.ts';
import type { OwnPanel } from './service-dashboard.ts';
import { objectsIn, objectsOf, SHOP } from './testing/sample.ts';
import { WebService, type WebServiceProps } from './web-service.ts';

const OWN: OwnPanel = {
  title: 'Orders',
  lines: [
    { metric: 'orders_total', type: 'counter', by: 'kind' },
    { metric: 'orders_open', type: 'gauge', name: 'open' },
    { metric: 'orders_oldest_seconds', type: 'gauge', over: 'max' },
  ],
};

function configMap(props: Partial<WebServiceProps> = {}): any {
  const objects = objectsOf({ ...SHOP, ...props } as WebServiceProps);
  return objects.find(({ kind }) => kind === 'ConfigMap');
}

function dashboard(props?: Partial<WebServiceProps>): any {
  return JSON.parse(configMap(props).data['shop_shop.json']);
}

const titles = (props?: Partial<WebServiceProps>) => dashboard(props).panels.map(({ title }: any) => title);

describe('the dashboard of a web service', () => {
  test('is found by Grafana’s sidecar, in a file that no other service has', () => {
    expect(configMap()).toMatchObject({
      metadata: { name: 'shop-dashboard', namespace: 'shop', labels: { grafana_dashboard: '1' } },
    });
    const chart = new Chart(new App(), 'chart');
    // Joined by the sign that names have, these two would be one.
    for (const [namespace, name] of [
      ['a-b', 'c'],
      ['a', 'b-c'],
    ] as const) {
      new WebService(new Chart(chart, namespace, { namespace }), name, SHOP);
    }
    const all = chart.node.children.flatMap((inner) => objectsIn(inner as Chart)) as any[];
    const files = all.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data }) => Object.entries(data));
    expect(files.map(([file]) => file)).toEqual(['a-b_c.json', 'a_b-c.json']);
    expect(new Set(files.map(([, text]) => JSON.parse(text as string).uid)).size).toBe(2);
  });

  test('is at the same address for ever, however long the names', () => {
    const name = 'a'.repeat(55);
    const chart = new Chart(new App(), 'chart', { namespace: 'b'.repeat(63) });
    new WebService(chart, name, SHOP);
    const [{ data }] = (objectsIn(chart) as any[]).filter(({ kind }) => kind === 'ConfigMap');
    const { uid } = JSON.parse(Object.values(data)[0] as string);
    // Grafana takes no more than 40 characters.
    expect(uid).toMatch(/^[a-z0-9]{40}$/);
    expect(dashboard().uid).toBe('shop_shop');
  });

  test('is the same text for the same service, a line for each panel', () => {
    const text = () => configMap().data['shop_shop.json'] as string;
    expect(text()).toBe(text());
    for (const { title } of dashboard().panels) {
      expect(
        text()
          .split('\n')
          .filter((line) => line.includes(`"title":${JSON.stringify(title)}`)),
      ).toHaveLength(1);
    }
  });

  test('is named by no pod, so that Flagger does not take a change of it for a release', () => {
    const objects = objectsOf(SHOP) as any[];
    const { template } = objects.find(({ kind }) => kind === 'Deployment').spec;
    expect(JSON.stringify(template)).not.toContain('shop-dashboard');
    const named = template.spec.volumes.filter(({ configMap }: any) => configMap);
    expect(named.map(({ name }: any) => name)).toEqual([RELEASE_VOLUME]);
  });

  test('holds nothing that Flux would put a value in for', () => {
    expect(configMap({ panels: [OWN] }).data['shop_shop.json']).not.toMatch(/\$\{|\$\$/);
  });

  test('shows what is promised, what users get, the release and the pods', () => {
    expect(titles()).toEqual([
      'What is promised',
      'Error budget left: failures',
      'Error budget left: delays',
      'Release',
      'Users on the new version',
      'How fast the error budget is spent',
      'What users get',
      'Requests',
      'Success rate',
      'Response times',
      'The release',
      'Share of the users',
      'Phase',
      'The pods',
      'Pods',
      'CPU of a pod',
      'Memory of a pod',
    ]);
    // Every view is shaded while a version is judged.
    expect(dashboard().annotations.list[0].expr).toBe(
      'max(flagger_canary_status{namespace="shop", name="shop"}) == 0',
    );
  });

  test('shows no release where Flagger makes none', () => {
    const rolling = dashboard({ release: { strategy: 'rolling' } });
    expect(JSON.stringify(rolling)).not.toContain('flagger_');
    expect(JSON.stringify(rolling)).not.toContain('horizontalpodautoscaler=\\"shop-primary');
  });

  test('has its lines where the objectives are', () => {
    const { panels } = dashboard({
      objectives: { successPercent: 99.9, inTimePercent: 99, inTimeMilliseconds: 200 },
    });
    const line = (title: string) =>
      panels
        .find((panel: any) => panel.title === title)
        .fieldConfig.defaults.thresholds.steps.map(({ value }: any) => value);
    expect(line('Success rate')).toEqual([null, 0.999]);
    expect(line('Response times')).toEqual([null, 200]);
  });

  test('shows the service’s own numbers last', () => {
    const { panels } = dashboard({ panels: [OWN] });
    const [row, own] = panels.slice(-2);
    expect(row.title).toBe('What the service says itself');
    expect(own.targets.map(({ expr, legendFormat }: any) => [expr, legendFormat])).toEqual([
      [
        'sum by (kind) (rate(orders_total{namespace="shop", container="shop"}[$__rate_interval]))',
        '{{kind}}',
      ],
      ['sum(orders_open{namespace="shop", container="shop"})', 'open'],
      ['max(orders_oldest_seconds{namespace="shop", container="shop"})', 'orders_oldest_seconds'],
    ]);
  });

  test('has its panels side by side and none over another', () => {
    const { panels } = dashboard({ panels: [OWN, OWN, OWN, OWN] });
    const cells = new Set<string>();
    for (const { gridPos, id } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x} ${y}`)).toBe(false);
          cells.add(`${x} ${y}`);
        }
      }
      expect(id).toBe(panels.indexOf(panels.find((panel: any) => panel.id === id)) + 1);
    }
  });
});

test('a panel as Grafana reads it', () => {
  const panel = dashboard().panels.find(({ title }: any) => title === 'Response times');
  const users =
    'namespace="shop", deployment=~"shop|shop-primary", direction="inbound", target_port="8080", client_id!="load-account.flagger-system.serviceaccount.identity.linkerd.cluster.local"';
  const quantile = (share: number, by: string) =>
    `histogram_quantile(${share}, sum by (${by}) (rate(response_latency_ms_bucket{${users}}[$__rate_interval])))`;
  expect(panel).toEqual({
    id: 10,
    type: 'timeseries',
    title: 'Response times',
    description: 'Promised: 99 % of the requests are answered within 500 ms.',
    // The one that is chosen above the panels.
    datasource: { type: 'prometheus', uid: '$datasource' },
    targets: [
      { refId: 'A', expr: quantile(0.5, 'le'), legendFormat: 'P50' },
      { refId: 'B', expr: quantile(0.95, 'le'), legendFormat: 'P95' },
      // The one that releases are judged by, so for each version.
      { refId: 'C', expr: quantile(0.99, 'deployment, le'), legendFormat: 'P99 {{deployment}}' },
    ],
    fieldConfig: {
      defaults: {
        unit: 'ms',
        min: 0,
        thresholds: {
          mode: 'absolute',
          steps: [
            { value: null, color: 'transparent' },
            { value: 500, color: 'red' },
          ],
        },
        custom: { fillOpacity: 10, thresholdsStyle: { mode: 'line' } },
      },
      overrides: [],
    },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    gridPos: { x: 16, y: 14, w: 8, h: 8 },
  });
});
