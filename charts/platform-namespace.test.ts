import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { type ClusterNetwork, PlatformNamespace, type PlatformNamespaceProps } from './platform-namespace.ts';

const network: ClusterNetwork = {
  apiServer: ['172.20.0.1/32', '10.10.0.0/16'],
  vpc: '10.10.0.0/16',
  meshNamespace: 'linkerd',
  prometheus: { namespace: 'monitoring', labels: { app: 'prometheus' } },
};

function objects(props: Partial<PlatformNamespaceProps> = {}): any[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'other' });
  new PlatformNamespace(chart, 'namespace', { name: 'tool', network, ...props });
  return chart.toJson() as any[];
}

const policies = (props?: Partial<PlatformNamespaceProps>) =>
  Object.fromEntries(
    objects(props)
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .map(({ metadata, spec }) => [metadata.name, spec]),
  );

const ports = (rule: any) => rule.ports.map(({ port }: { port: number }) => port);

describe('a namespace of the platform', () => {
  test('is restricted and out of the mesh where nothing else is said, and stands in no namespace itself', () => {
    expect(objects()[0].metadata).toEqual({
      name: 'tool',
      labels: {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
    });
  });

  test('lets nobody in but Prometheus, and out to names, the API, the mesh and credentials', () => {
    const { 'default-deny': deny, ...others } = policies({ metrics: [8080] });
    expect(others).toEqual({});
    expect(deny.podSelector).toEqual({});
    expect(deny.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(deny.ingress.map(ports)).toEqual([[8080, 4191, 4143]]);
    expect(deny.egress.map(ports)).toEqual([[53, 53], [443], [8086, 8080, 8090], [80]]);
  });

  test('opens each way that is named, to pods at the port of the mesh too', () => {
    const { 'ingress-1': callers, 'egress-1': addresses } = policies({
      ingress: [{ pods: { app: 'tool' }, peers: [{ namespace: 'caller' }], ports: [8000] }],
      egress: [{ peers: [{ cidr: '10.0.0.0/8' }], ports: [443] }],
    });
    expect(callers.podSelector).toEqual({ matchLabels: { app: 'tool' } });
    expect(callers.policyTypes).toEqual(['Ingress']);
    expect(ports(callers.ingress[0])).toEqual([8000, 4143]);
    expect(addresses.egress[0].to).toEqual([{ ipBlock: { cidr: '10.0.0.0/8' } }]);
    expect(ports(addresses.egress[0])).toEqual([443]);
  });

  test('opens ports of UDP beside those of TCP, or every port', () => {
    const peers = [{ namespace: 'tool' }];
    const rules = policies({
      ingress: [{ peers, ports: [94], udp: [94] }],
      egress: [{ peers, ports: 'all' }],
    });
    expect(rules['ingress-1'].ingress[0].ports).toEqual([
      { port: 94, protocol: 'TCP' },
      { port: 4143, protocol: 'TCP' },
      { port: 94, protocol: 'UDP' },
    ]);
    expect(rules['egress-1'].egress[0]).not.toHaveProperty('ports');
  });

  test('is open to everybody where no peer is named', () => {
    expect(policies({ ingress: [{ ports: [9443] }] })['ingress-1'].ingress[0]).not.toHaveProperty('from');
  });

  test('has no door to the outside but the load balancers that it asks for', () => {
    const hard = (props?: Partial<PlatformNamespaceProps>) =>
      objects(props).find(({ kind }) => kind === 'ResourceQuota').spec.hard;
    expect(hard()).toEqual({ 'services.loadbalancers': '0', 'services.nodeports': '0' });
    expect(hard({ loadBalancers: 1 })).toEqual({ 'services.loadbalancers': '1', 'services.nodeports': '0' });
  });
});
