import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { type End, mayConnect } from '../../charts/testing/network.ts';
import { type KubePrometheusStackProps, kubePrometheusStack } from './kube-prometheus-stack.ts';

const PROPS: KubePrometheusStackProps = {
  version: '88.5.3',
  cluster: 'dev',
  isHighlyAvailable: false,
  network: {
    apiServer: ['172.20.0.1/32', '10.0.0.0/16'],
    vpc: '10.0.0.0/16',
    meshNamespace: 'linkerd',
    prometheus: { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } },
  },
  askedBy: ['flagger-system'],
  edgeNamespace: 'ingress-nginx',
};

function objects(props: Partial<KubePrometheusStackProps> = {}): any[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'monitoring' });
  kubePrometheusStack({ ...PROPS, ...props }).objects(chart);
  return chart.toJson();
}

const values = (props?: Partial<KubePrometheusStackProps>) =>
  objects(props).find(({ kind }) => kind === 'HelmRelease').spec.values;

const pod = (name: string): End => ({ namespace: 'monitoring', labels: { 'app.kubernetes.io/name': name } });
const other = (namespace: string): End => ({ namespace, labels: {} });

describe('connections', () => {
  const open = objects({
    grafana: { host: 'grafana.example.com' },
    alerts: { to: 'slack' },
  });
  test.each<[string, End, End, number, boolean]>([
    ['Flagger asks Prometheus', other('flagger-system'), pod('prometheus'), 9090, true],
    ['an app does not', other('conduit'), pod('prometheus'), 9090, false],
    ['Grafana asks Prometheus', pod('grafana'), pod('prometheus'), 9090, true],
    ['Prometheus has people told', pod('prometheus'), pod('alertmanager'), 9093, true],
    ['an app can not silence an alert', other('conduit'), pod('alertmanager'), 9093, false],
    ['Alertmanagers talk to each other', pod('alertmanager'), pod('alertmanager'), 9094, true],
    ['Alertmanager posts to a chat', pod('alertmanager'), { ip: '203.0.113.5' }, 443, true],
    ['Grafana sends nothing anywhere', pod('grafana'), { ip: '203.0.113.5' }, 443, false],
    ['Prometheus neither', pod('prometheus'), { ip: '203.0.113.5' }, 443, false],
    ['the edge brings people to Grafana', other('ingress-nginx'), pod('grafana'), 3000, true],
    ['nobody else gets there, and could say who he is', other('conduit'), pod('grafana'), 3000, false],
    ['Prometheus reads pods at any port', pod('prometheus'), other('somewhere'), 12345, true],
    ['and nodes', pod('prometheus'), { ip: '10.0.1.2' }, 9100, true],
  ])('%s', (_, from, to, port, may) => {
    expect(mayConnect(open, from, to, port)).toBe(may);
  });

  test('Alertmanagers tell each other by UDP as well', () => {
    expect(mayConnect(open, pod('alertmanager'), pod('alertmanager'), 9094, 'UDP')).toBe(true);
  });

  test('nobody comes to a Grafana that has no address, and nothing is posted when nobody is to be told', () => {
    const closed = objects({ grafana: {} });
    expect(mayConnect(closed, other('ingress-nginx'), pod('grafana'), 3000)).toBe(false);
    expect(mayConnect(closed, pod('alertmanager'), { ip: '203.0.113.5' }, 443)).toBe(false);
  });
});

describe('Grafana', () => {
  test('believes the edge who somebody is, and shows no form beside it', () => {
    const ini = values({ grafana: { host: 'grafana.example.com' } }).grafana['grafana.ini'];
    expect(ini['auth.proxy']).toMatchObject({ enabled: true, header_name: 'X-Auth-Request-Email' });
    expect(ini.auth.disable_login_form).toBe(true);
    expect(ini.server.root_url).toBe('https://grafana.example.com');
  });

  test('believes no header when nobody has signed people in before', () => {
    expect(values({ grafana: {} }).grafana['grafana.ini']).not.toHaveProperty(['auth.proxy']);
  });

  test('shows nothing to who has not signed in', () => {
    expect(values({ grafana: {} }).grafana['grafana.ini']['auth.anonymous']).toEqual({ enabled: false });
  });

  test('may read dashboards, and no Secret', () => {
    const made = objects({ grafana: {} });
    const role = made.find(({ kind }) => kind === 'ClusterRole');
    expect(role.rules).toEqual([
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(values({ grafana: {} }).grafana.rbac).toEqual({ useExistingClusterRole: role.metadata.name });
    expect(role.metadata).not.toHaveProperty('namespace');
  });

  test('is left out by one word', () => {
    expect(values().grafana).toEqual({ enabled: false });
    expect(objects().some(({ kind }) => kind === 'ClusterRole')).toBe(false);
  });
});

describe('Prometheus', () => {
  test.each([true, false])('never fills its volume (highly available: %s)', (isHighlyAvailable) => {
    const { prometheusSpec } = values({ isHighlyAvailable }).prometheus;
    const { storage } = prometheusSpec.storageSpec.volumeClaimTemplate.spec.resources.requests;
    const gibibytes = (text: string) => Number(/^(\d+)Gi/.exec(text)?.[1]);
    // The log that is written ahead, and blocks while they are made into larger ones, come on top.
    expect(gibibytes(prometheusSpec.retentionSize) / gibibytes(storage)).toBeLessThanOrEqual(0.8);
  });

  test('reads what carries none of the chart’s labels', () => {
    const { prometheusSpec } = values().prometheus;
    for (const kind of ['podMonitor', 'serviceMonitor', 'rule', 'probe', 'scrapeConfig']) {
      expect(prometheusSpec[`${kind}SelectorNilUsesHelmValues`]).toBe(false);
    }
  });

  test('keeps as long as an error budget is', () => {
    expect(values().prometheus.prometheusSpec.retention).toBe('30d');
  });

  test('answers a release by one of its two, from one check to the next', () => {
    const { prometheus } = values({ isHighlyAvailable: true });
    expect(prometheus.prometheusSpec.replicas).toBe(2);
    expect(prometheus.service.sessionAffinity).toBe('ClientIP');
    // Long enough for a check over the default minute.
    expect(prometheus.prometheusSpec.minReadySeconds).toBeGreaterThanOrEqual(60);
  });
});

test('the address to tell at comes from the store, which must be there before', () => {
  const told = { alerts: { to: 'webhook' as const } };
  expect(objects(told).find(({ kind }) => kind === 'ExternalSecret').spec.dataFrom).toEqual([
    { extract: { key: 'dev/platform/alerts' } },
  ]);
  expect(kubePrometheusStack({ ...PROPS, ...told }).dependsOn).toContain('secret-stores');
  expect(objects().some(({ kind }) => kind === 'ExternalSecret')).toBe(false);
  expect(kubePrometheusStack(PROPS).dependsOn).not.toContain('secret-stores');
});
