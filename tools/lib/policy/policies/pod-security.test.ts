import { describe, expect, test } from '@jest/globals';
import { deployment, found, namespace, object } from '../testing.ts';

const SPEC = 'spec.template.spec';
const CONTAINER = `${SPEC}.containers.0`;
const PODS = 'dist/c/apps/shop/shop.yaml: Deployment/shop/shop: spec.template.spec';
const ENFORCE = 'metadata.labels["pod-security.kubernetes.io/enforce"]';

describe('pod security', () => {
  test.each([
    ['a Deployment as the restricted profile wants it', [deployment()]],
    ['a namespace that enforces the profile', [namespace('shop')]],
    ['volumes that reach no host', [deployment({ [`${SPEC}.volumes`]: [{ name: 'tmp', emptyDir: {} }] })]],
    [
      'a container that says what its pod leaves out',
      [
        deployment({
          [`${SPEC}.securityContext`]: {},
          [`${CONTAINER}.securityContext.runAsNonRoot`]: true,
          [`${CONTAINER}.securityContext.seccompProfile`]: { type: 'RuntimeDefault' },
        }),
      ],
    ],
    [
      'the one capability that may be added',
      [deployment({ [`${CONTAINER}.securityContext.capabilities.add`]: ['NET_BIND_SERVICE'] })],
    ],
  ])('lets pass %s', (_, objects) => {
    expect(found('pod-security', objects)).toEqual([]);
  });

  test.each([
    [{ [`${SPEC}.hostNetwork`]: true }, '.hostNetwork: is true; leave it out'],
    [{ [`${SPEC}.hostPID`]: true }, '.hostPID: is true; leave it out'],
    [{ [`${SPEC}.hostIPC`]: true }, '.hostIPC: is true; leave it out'],
    [
      { [`${SPEC}.volumes`]: [{ name: 'root', hostPath: { path: '/' } }] },
      '.volumes[0].hostPath: is no kind of volume for unprivileged pods; use another',
    ],
    [
      { [`${SPEC}.securityContext.runAsNonRoot`]: false },
      '.securityContext.runAsNonRoot: is false; set it to true',
    ],
    [
      { [`${SPEC}.securityContext.runAsNonRoot`]: undefined },
      '.containers[0].securityContext.runAsNonRoot: is missing, here and on the pod; set it to true',
    ],
    [
      { [`${CONTAINER}.securityContext.runAsNonRoot`]: false },
      '.containers[0].securityContext.runAsNonRoot: is false; set it to true',
    ],
    [
      { [`${SPEC}.securityContext.runAsUser`]: 0 },
      '.securityContext.runAsUser: is 0, which is root; use another',
    ],
    [
      { [`${SPEC}.securityContext.seccompProfile`]: undefined },
      '.containers[0].securityContext.seccompProfile: is missing, here and on the pod; set its type to "RuntimeDefault"',
    ],
    [
      { [`${CONTAINER}.securityContext.seccompProfile`]: { type: 'Unconfined' } },
      '.containers[0].securityContext.seccompProfile.type: is "Unconfined"; set it to "RuntimeDefault"',
    ],
    [
      { [`${CONTAINER}.securityContext.allowPrivilegeEscalation`]: undefined },
      '.containers[0].securityContext.allowPrivilegeEscalation: is missing, which means true; set it to false',
    ],
    [
      { [`${CONTAINER}.securityContext.privileged`]: true },
      '.containers[0].securityContext.privileged: is true; leave it out',
    ],
    [
      { [`${CONTAINER}.securityContext.procMount`]: 'Unmasked' },
      '.containers[0].securityContext.procMount: is "Unmasked"; leave it out',
    ],
    [
      { [`${CONTAINER}.securityContext.capabilities.drop`]: ['NET_RAW'] },
      '.containers[0].securityContext.capabilities.drop: leaves some; set it to ["ALL"]',
    ],
    [
      { [`${CONTAINER}.securityContext.capabilities.add`]: ['NET_ADMIN'] },
      '.containers[0].securityContext.capabilities.add: holds "NET_ADMIN"; leave it out',
    ],
    [{ [`${CONTAINER}.ports.0.hostPort`]: 80 }, '.containers[0].ports[0].hostPort: is 80; leave it out'],
    [
      { [`${CONTAINER}.livenessProbe.httpGet.host`]: '169.254.169.254' },
      '.containers[0].livenessProbe.httpGet.host: is set; leave it out',
    ],
    [
      { [`${SPEC}.securityContext.sysctls`]: [{ name: 'kernel.msgmax', value: '1' }] },
      '.securityContext.sysctls: sets "kernel.msgmax"; leave it out',
    ],
    [
      { [`${SPEC}.securityContext.windowsOptions`]: { hostProcess: true } },
      '.securityContext.windowsOptions.hostProcess: is true; leave it out',
    ],
  ])('finds %j', (changes, says) => {
    expect(found('pod-security', [deployment(changes)])).toEqual([`${PODS}${says} [pod-security]`]);
  });

  test('judges containers that start before the others, and pods of every kind', () => {
    const container = { image: 'a:1', securityContext: { capabilities: { drop: ['ALL'] } } };
    const pod = { securityContext: { runAsNonRoot: true, seccompProfile: {} }, initContainers: [container] };
    const says =
      'initContainers[0].securityContext.allowPrivilegeEscalation: is missing, which means true; set it to false [pod-security]';
    expect(
      found('pod-security', [
        object('batch/v1', 'CronJob', { spec: { jobTemplate: { spec: { template: { spec: pod } } } } }),
        object('v1', 'Pod', { spec: pod }),
      ]),
    ).toEqual([
      `dist/c/apps/shop/shop.yaml: CronJob/shop/shop: spec.jobTemplate.spec.template.spec.${says}`,
      `dist/c/apps/shop/shop.yaml: Pod/shop/shop: spec.${says}`,
    ]);
  });

  test.each([
    [{ 'metadata.labels': {} }, 'is missing'],
    [{ 'metadata.labels': { 'pod-security.kubernetes.io/enforce': 'baseline' } }, 'is "baseline"'],
  ])('finds a namespace with %j', (changes, wrong) => {
    expect(found('pod-security', [namespace('shop', changes)])).toEqual([
      `dist/c/apps/shop/shop.yaml: Namespace/shop: ${ENFORCE}: ${wrong}; set it to "restricted" [pod-security]`,
    ]);
  });
});
