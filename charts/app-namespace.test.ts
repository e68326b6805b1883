import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { AppNamespace, type AppNamespaceProps } from './app-namespace.ts';

function objects(props: AppNamespaceProps): Record<string, any> {
  const chart = new Chart(new App(), 'chart', { namespace: 'other' });
  new AppNamespace(chart, 'namespace', props);
  return Object.fromEntries((chart.toJson() as any[]).map((object) => [object.kind, object]));
}

describe('the namespace of an app', () => {
  test('is in the mesh, lets nothing run as root, and stands in no namespace itself', () => {
    expect(objects({ name: 'shop' }).Namespace).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'shop',
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
        annotations: { 'linkerd.io/inject': 'enabled' },
      },
    });
  });

  test('denies what no policy allows', () => {
    expect(objects({ name: 'shop' }).NetworkPolicy).toMatchObject({
      // Its own, whichever chart makes it.
      metadata: { name: 'default-deny', namespace: 'shop' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  });
});
