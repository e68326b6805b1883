import { describe, expect, test } from '@jest/globals';
import { UserError } from '../user-error.ts';
import { crdKinds } from './crds.ts';
import { has, keysOf } from './keys.ts';

const VALUES = `# Default values for example.
# NOTE: what is said here is prose.
global:
  # -- The log level
  logLevel: 2
replicaCount: 1
tolerations: []
podDisruptionBudget:
  enabled: false
  # At least so many stay.
  # minAvailable: 1
#destinationResources:
nodeSelector:
  kubernetes.io/os: linux
securityContext:
  runAsNonRoot: true
service:
  annotations: {}
  loadBalancerIP:
resources:
  limits:
    memory: 64Mi
proxy:
  resources:
    cpu:
      limit: ""
    # resources:
base: &base
  qps: 100
copy: *base
`;

describe('the keys of a values.yaml', () => {
  test('are its paths; below some of them anything may stand', () => {
    expect([...keysOf(VALUES, 'values.yaml')].sort()).toEqual([
      'base.qps',
      'copy.qps',
      'destinationResources.*',
      'global.logLevel',
      'nodeSelector.*',
      'podDisruptionBudget.enabled',
      'podDisruptionBudget.minAvailable.*',
      'proxy.resources.cpu.limit',
      'proxy.resources.resources.*',
      'replicaCount',
      'resources.*',
      'securityContext.*',
      'service.annotations.*',
      'service.loadBalancerIP.*',
      'tolerations',
    ]);
  });

  test.each([
    ['proxy.resources', true],
    ['resources.requests.cpu', true],
    ['proxy.resources.memory', false],
    ['replica', false],
    ['replicaCount.of', false],
  ])('hold %s: %s', (path, expected) => {
    expect(has(keysOf(VALUES, 'values.yaml'), path)).toBe(expected);
  });

  test.each([
    ['a: [', /values\.yaml: can't be read as YAML: /],
    ['- a\n', /values\.yaml: found no map of values in it/],
  ])('of %j are none', (source, message) => {
    expect(() => keysOf(source, 'values.yaml')).toThrow(UserError);
    expect(() => keysOf(source, 'values.yaml')).toThrow(message);
  });
});

test('CRDs are told from templates too, and from nothing else', () => {
  const crd = (kind: string) => `{{- if .Values.crds.enabled }}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
  labels: {{ include "labels" . | nindent 4 }}
spec:
  group: example.com
  names:
    kind: ${kind}
{{- end }}
`;
  const deployment = '---\nkind: Deployment\nspec: *nothing {{ toYaml . }}\n';
  expect(crdKinds(`${crd('Thing')}---\n${crd('Other')}${deployment}`)).toEqual([
    'example.com/Other',
    'example.com/Thing',
  ]);
});
