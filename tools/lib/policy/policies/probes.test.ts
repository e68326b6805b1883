import { describe, expect, test } from '@jest/globals';
import { canary, deployment, found, service } from '../testing.ts';

const CONTAINER = 'spec.template.spec.containers.0';
const AT = 'dist/c/apps/shop/shop.yaml: Deployment/shop/shop: spec.template.spec.';
const BARE = { [`${CONTAINER}.livenessProbe`]: undefined, [`${CONTAINER}.readinessProbe`]: undefined };

function missing(container: string, probe: string): string {
  return `${AT}${container}.${probe}: is missing, and a Service or Canary sends requests to the container; add it [probes]`;
}

describe('probes', () => {
  test.each([
    ['probes on the management port', [deployment(), service()]],
    ['a container that no Service sends to', [deployment(BARE)]],
    ['a Service of other pods', [deployment(BARE), service({ 'spec.selector': { a: 'b' } })]],
    ['a Service without a selector', [deployment(BARE), service({ 'spec.selector': {} })]],
    [
      'probes on the one port there is',
      [
        deployment({
          [`${CONTAINER}.ports`]: [{ name: 'http', containerPort: 8080 }],
          [`${CONTAINER}.livenessProbe.httpGet.port`]: 'http',
          [`${CONTAINER}.readinessProbe.httpGet.port`]: 8080,
        }),
        service(),
      ],
    ],
    [
      'a second container that answers no request',
      [deployment({ 'spec.template.spec.containers.1': { name: 'log' } }), service()],
    ],
    [
      'a Service that leads to the management port',
      [deployment(), service({ 'spec.ports.0.targetPort': 9090 })],
    ],
    [
      'a probe that runs a command',
      [deployment({ [`${CONTAINER}.livenessProbe`]: { exec: {} } }), service()],
    ],
  ])('lets pass %s', (_, objects) => {
    expect(found('probes', objects)).toEqual([]);
  });

  test.each([
    ['a Service', service()],
    ['a Service by the port’s name', service({ 'spec.ports.0.targetPort': 'http' })],
    ['a Canary', canary()],
  ])('finds a container without probes behind %s', (_, item) => {
    expect(found('probes', [deployment(BARE), item])).toEqual([
      missing('containers[0]', 'livenessProbe'),
      missing('containers[0]', 'readinessProbe'),
    ]);
  });

  test('finds it once, however many Services lead there', () => {
    const item = deployment({ [`${CONTAINER}.readinessProbe`]: undefined });
    expect(found('probes', [item, service(), service({ 'metadata.name': 'other' })])).toEqual([
      missing('containers[0]', 'readinessProbe'),
    ]);
  });

  test('finds it where no container says its port', () => {
    const item = deployment({
      [`${CONTAINER}.ports`]: undefined,
      'spec.template.spec.containers.1': { name: 'second', livenessProbe: {} },
    });
    expect(found('probes', [item, service()])).toEqual([missing('containers[1]', 'readinessProbe')]);
  });

  test('finds a sidecar that answers without probes', () => {
    const sidecar = { name: 'proxy', restartPolicy: 'Always', ports: [{ containerPort: 4000 }] };
    const item = deployment({ 'spec.template.spec.initContainers': [sidecar] });
    expect(found('probes', [item, service({ 'spec.ports.0.targetPort': 4000 })])).toEqual([
      missing('initContainers[0]', 'livenessProbe'),
      missing('initContainers[0]', 'readinessProbe'),
    ]);
  });

  test.each([
    ['livenessProbe', { httpGet: { port: 'http' } }, 'httpGet', '"http"'],
    ['readinessProbe', { tcpSocket: { port: 8080 } }, 'tcpSocket', '"http"'],
    ['startupProbe', { grpc: { port: 8080 } }, 'grpc', '"http"'],
  ])('finds a %s on the users’ port beside a management port', (probe, value, kind, port) => {
    expect(found('probes', [deployment({ [`${CONTAINER}.${probe}`]: value }), canary()])).toEqual([
      `${AT}containers[0].${probe}.${kind}.port: is ${port}, the port for users; use "management" [probes]`,
    ]);
  });
});
