import {
  type Container,
  type ContainerPort,
  IntOrString,
  KubeDeployment,
  type PodTemplateSpec,
  type Probe,
  Quantity,
} from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from '../custom-resource.ts';
import { RELEASE_VOLUME, releaseConfigMap } from '../release-identity.ts';
import { judgement } from '../release-strategy.ts';
import { addSetterMarker } from '../setter-marker.ts';
import { environment } from './environment.ts';
import { ownLabels } from './pods.ts';
import type { Settings } from './settings.ts';

/** The names of a container's ports, by which probes, mesh and monitoring know them. */
export const HTTP_PORT = 'http';
export const MANAGEMENT_PORT = 'management';

/** What is left after the drain for requests under way and for telemetry; our service takes at most 23. */
const FINISH_SECONDS = 30;

/** The volume for what a process must write although its root is read-only. */
const SCRATCH_VOLUME = 'tmp';

/** The Deployment that we write: the service itself, or the target of a Canary, which runs during a release only. */
export function addDeployment(scope: Construct, settings: Settings): void {
  const { name, release, image, migrate } = settings;
  const deployment = new CoreResource(scope, 'deployment', KubeDeployment, {
    metadata: { name, labels: ownLabels(name) },
    spec: {
      // No replicas here: the autoscaler sets them, and Flagger takes the target to zero between releases.
      selector: { matchLabels: ownLabels(name) },
      revisionHistoryLimit: 3,
      // Flagger, too, gives up on pods that Kubernetes has given up on: one deadline for both.
      ...(release.strategy !== 'rolling' && { progressDeadlineSeconds: judgement(release).readySeconds }),
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: {
          maxSurge: IntOrString.fromString('25%'),
          maxUnavailable: IntOrString.fromNumber(0),
        },
      },
      template: podTemplate(settings),
    },
  });
  const { policy } = image;
  if (policy === undefined) return;
  for (const list of migrate ? ['initContainers', 'containers'] : ['containers']) {
    addSetterMarker(deployment, { path: ['spec', 'template', 'spec', list, 0, 'image'], policy });
  }
}

function podTemplate(settings: Settings): PodTemplateSpec {
  const { name, release, args, migrate, runAsUser, drainSeconds } = settings;
  const graceSeconds = drainSeconds + FINISH_SECONDS;
  return {
    metadata: {
      labels: ownLabels(name),
      // The proxy must not go before the service has: as long as the pod may take, in place of Linkerd's two minutes.
      annotations: { 'config.linkerd.io/shutdown-grace-period': `${graceSeconds}s` },
    },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      ...(settings.platform.pullSecret && { imagePullSecrets: [{ name: settings.platform.pullSecret }] }),
      securityContext: {
        runAsNonRoot: true,
        ...(runAsUser !== undefined && { runAsUser }),
        seccompProfile: { type: 'RuntimeDefault' },
      },
      terminationGracePeriodSeconds: graceSeconds,
      topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
        (topologyKey) => ({
          topologyKey,
          maxSkew: 1,
          // Rather uneven than pending: a zone that has no room must not stop a release.
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: ownLabels(name) },
          // Each version by itself, or the new pods would go where the old ones are not, and be uneven without them.
          matchLabelKeys: ['pod-template-hash'],
        }),
      ),
      volumes: [
        { name: SCRATCH_VOLUME, emptyDir: { sizeLimit: Quantity.fromString('64Mi') } },
        ...(release.strategy === 'rolling'
          ? []
          : [{ name: RELEASE_VOLUME, configMap: { name: releaseConfigMap(name) } }]),
      ],
      ...(migrate && {
        initContainers: [{ ...container(settings), name: 'migrate', args: [...migrate] }],
      }),
      containers: [
        {
          ...container(settings),
          name,
          ...(args && { args: [...args] }),
          ports: ports(settings),
          ...probes(settings),
        },
      ],
    },
  };
}

/** What the service and its migration have in common. */
function container(settings: Settings): Omit<Container, 'name'> {
  const { image, cpu, memory } = settings;
  return {
    image: image.reference,
    env: environment(settings),
    resources: {
      requests: { cpu: Quantity.fromString(cpu), memory: Quantity.fromString(memory) },
      // No limit on CPU: it would throttle a busy pod while its node has cycles to spare.
      limits: { memory: Quantity.fromString(memory) },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [{ name: SCRATCH_VOLUME, mountPath: '/tmp' }],
  };
}

function ports({ port, managementPort }: Settings): ContainerPort[] {
  return [
    { name: HTTP_PORT, containerPort: port },
    { name: MANAGEMENT_PORT, containerPort: managementPort },
  ];
}

function probes({ management, startSeconds }: Settings) {
  const get = (path: string): Probe => ({
    httpGet: { path, port: IntOrString.fromString(MANAGEMENT_PORT) },
  });
  return {
    // Asked every second, so that a quick start is not held up.
    startupProbe: { ...get(management.live), periodSeconds: 1, failureThreshold: startSeconds },
    livenessProbe: { ...get(management.live), periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...get(management.ready), periodSeconds: 5, failureThreshold: 2 },
  };
}
