import type { AdmissionRule } from './admission-policy.ts';
import { EPHEMERAL_CONTAINERS, POD_KINDS, POD_VARIABLES } from './pods.ts';

/** What the security context of a container must say, as an expression over `container`, and what is wrong where it does not. */
const SECURITY_CONTEXT: readonly [string, string][] = [
  [
    'has(container.securityContext.allowPrivilegeEscalation) && !container.securityContext.allowPrivilegeEscalation',
    'a container may gain privileges: set securityContext.allowPrivilegeEscalation to false',
  ],
  [
    'has(container.securityContext.readOnlyRootFilesystem) && container.securityContext.readOnlyRootFilesystem',
    'a container may write to its root: set securityContext.readOnlyRootFilesystem to true',
  ],
  [
    "has(container.securityContext.capabilities) && has(container.securityContext.capabilities.drop) && 'ALL' in container.securityContext.capabilities.drop && (!has(container.securityContext.capabilities.add) || container.securityContext.capabilities.add.all(added, added == 'NET_BIND_SERVICE'))",
    'a container keeps capabilities: set securityContext.capabilities.drop to [ALL]',
  ],
  [
    '(has(container.securityContext.runAsNonRoot) && container.securityContext.runAsNonRoot || variables.podIsNonRoot && !has(container.securityContext.runAsNonRoot)) && !(has(container.securityContext.runAsUser) && container.securityContext.runAsUser == 0)',
    'a container may run as root: set securityContext.runAsNonRoot to true',
  ],
];

/**
 * Pods of apps can neither leave their container nor change what is in it, and say what they need.
 *
 * Pod security of the namespace wants much of this too, but whoever may label the namespace may take that away.
 */
export const RESTRICTED_PODS: AdmissionRule = {
  name: 'restricted-pods',
  why: 'Who breaks into a container of an app finds no way out of it, and no pod takes what others need.',
  kinds: POD_KINDS,
  variables: {
    ...POD_VARIABLES,
    allContainers: `variables.containers + ${EPHEMERAL_CONTAINERS}`,
    podIsNonRoot:
      'has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsNonRoot) && variables.pod.securityContext.runAsNonRoot',
  },
  validations: [
    {
      expression: ['hostNetwork', 'hostPID', 'hostIPC']
        .map((field) => `(!has(variables.pod.${field}) || !variables.pod.${field})`)
        .join(' && '),
      message: 'a pod shares the network, processes or memory of its node',
    },
    {
      expression: '!has(variables.pod.volumes) || variables.pod.volumes.all(volume, !has(volume.hostPath))',
      message: 'a pod mounts a folder of its node',
    },
    ...SECURITY_CONTEXT.map(([expression, message]) => ({
      expression: `variables.allContainers.all(container, has(container.securityContext) && (${expression}))`,
      message,
    })),
    {
      expression:
        'variables.allContainers.all(container, !has(container.securityContext) || !has(container.securityContext.privileged) || !container.securityContext.privileged)',
      message: 'a container is privileged',
    },
    {
      expression:
        "variables.containers.all(container, has(container.resources) && has(container.resources.requests) && 'cpu' in container.resources.requests && 'memory' in container.resources.requests && has(container.resources.limits) && 'memory' in container.resources.limits)",
      message:
        'a container does not say what it needs: set requests for cpu and memory, and a limit for memory',
    },
  ],
};
