import {
  type Container,
  type EnvVar,
  IntOrString,
  KubeDeployment,
  KubeHorizontalPodAutoscalerV2,
  KubePodDisruptionBudget,
  KubeService,
  KubeServiceAccount,
  Quantity,
} from 'cdk8s-plus-28/lib/imports/k8s.js';
import { Construct } from 'constructs';
import { CoreResource, CustomResource } from './custom-resource.ts';
import type { ICanary } from './flagger-types.ts';
import { PublicRoute } from './public-route.ts';
import { RELEASE_ANNOTATION, RELEASE_VOLUME, releaseConfigMap } from './release-identity.ts';
import {
  type CanaryPlatform,
  type CanaryRelease,
  canaryAnalysis,
  type ReleaseStrategy,
} from './release-strategy.ts';
import { addSetterMarker } from './setter-marker.ts';

/** A container image, and the policy by which Flux's automation moves it, if one does. */
export interface Image {
  /** `registry/name:tag`, with `@sha256:…` once automation has written it. */
  reference: string;
  /** `namespace:name` of the ImagePolicy. @default the image moves by hand only */
  policy?: string | undefined;
}

export interface WebServiceProps {
  image: Image;
  /** The namespace of the service; its chart's. */
  namespace: string;
  /** Pods that serve, at least and at most. The autoscaler moves between them. */
  replicas: { min: number; max: number };
  /** CPU that each pod asks for, as Kubernetes writes it: `100m`. */
  cpu: string;
  /** Memory that each pod asks for and may not exceed: `192Mi`. */
  memory: string;
  /** The DNS name at which users reach it. */
  host: string;
  /** How a new image reaches the users. */
  release: ReleaseStrategy;
  /** What a canary's analysis stands on. */
  platform: CanaryPlatform;
  /** Environment of the containers. @default none but what the service must know: its ports and its drain time */
  env?: Record<string, string>;
  /** Environment read from Secrets: name of the variable, then name and key of the Secret. @default none */
  secrets?: Record<string, { name: string; key: string }>;
  /** Arguments with which the image migrates its database before it serves. @default no migration */
  migrate?: string[];
  /** Port for users' requests. @default 8080 */
  port?: number;
  /** Port for `/livez` and `/readyz`, apart so that probes don't count as users' requests. @default 9090 */
  managementPort?: number;
}

/** Port of the Service, as the mesh and the route see it. */
const SERVICE_PORT = 80;

/** The annotation by which an object says how Flux applies it. */
const APPLY = 'kustomize.toolkit.fluxcd.io/ssa';

/**
 * How long a pod that must go keeps serving. New requests still arrive until each proxy has heard that it is
 * no endpoint any more, which takes seconds on a busy cluster.
 */
const DRAIN_SECONDS = 15;

/** What is left after the drain for requests under way and for telemetry. */
const FINISH_SECONDS = 30;

/** Average CPU, in percent of the request, above which pods are added: room for one zone's loss among three. */
const TARGET_CPU_PERCENT = 65;

/**
 * A web service, safe by default: unprivileged pods spread over zones, scaled by load, replaced without a dropped
 * request and released by the given strategy. The id is its name, and that of every object it makes.
 *
 * Nothing that Flagger makes itself is among them: its two Services, its route, the primary and its autoscaler.
 */
export class WebService extends Construct {
  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id);
    const { namespace, release, replicas } = props;
    const port = props.port ?? 8080;
    // Flagger renames the value of this one label for the primary's pods, so it is the only one that selects.
    const labels = { 'app.kubernetes.io/name': id };
    // The pods that serve: between canaries the target stands at zero and the primary does the work.
    const servingLabels =
      release.strategy === 'canary' ? { 'app.kubernetes.io/name': `${id}-primary` } : labels;

    new CoreResource(this, 'account', KubeServiceAccount, {
      metadata: { name: id },
      automountServiceAccountToken: false,
    });
    this.deployment(id, labels, port, props);
    this.autoscaler(id, replicas);
    new CoreResource(this, 'disruption-budget', KubePodDisruptionBudget, {
      metadata: { name: id },
      spec: {
        maxUnavailable: IntOrString.fromNumber(1),
        selector: { matchLabels: servingLabels },
      },
    });
    if (release.strategy === 'canary') this.canary(id, namespace, port, release, props);
    this.service(id, servingLabels, port, release);
    new PublicRoute(this, id, { host: props.host, service: { name: id, port: SERVICE_PORT } });
  }

  private deployment(id: string, labels: Record<string, string>, port: number, props: WebServiceProps): void {
    const managementPort = props.managementPort ?? 9090;
    const env = environment({
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      DRAIN_SECONDS: String(DRAIN_SECONDS),
      ...props.env,
    }).concat(secretEnvironment(props.secrets ?? {}));
    const probe = (path: string) => ({ httpGet: { path, port: IntOrString.fromString('management') } });
    const container = {
      image: props.image.reference,
      env,
      resources: {
        requests: { cpu: Quantity.fromString(props.cpu), memory: Quantity.fromString(props.memory) },
        // No limit on CPU: it would throttle a busy pod while its node has cycles to spare.
        limits: { memory: Quantity.fromString(props.memory) },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
    } satisfies Partial<Container>;
    const deployment = new CoreResource(this, 'deployment', KubeDeployment, {
      metadata: { name: id, labels },
      spec: {
        // No replicas here: the autoscaler sets them, and Flagger takes the target to zero between releases.
        selector: { matchLabels: labels },
        revisionHistoryLimit: 3,
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: {
            maxSurge: IntOrString.fromString('25%'),
            maxUnavailable: IntOrString.fromNumber(0),
          },
        },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: id,
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            terminationGracePeriodSeconds: DRAIN_SECONDS + FINISH_SECONDS,
            ...(props.release.strategy === 'canary' && {
              volumes: [{ name: RELEASE_VOLUME, configMap: { name: releaseConfigMap(id) } }],
            }),
            topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
              (topologyKey) => ({
                topologyKey,
                maxSkew: 1,
                // Rather uneven than pending: a zone that has no room must not stop a release.
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: labels },
              }),
            ),
            ...(props.migrate && {
              initContainers: [{ ...container, name: 'migrate', args: props.migrate }],
            }),
            containers: [
              {
                ...container,
                name: id,
                ports: [
                  { name: 'http', containerPort: port },
                  { name: 'management', containerPort: managementPort },
                ],
                // Two minutes to start, asked every second, so that a quick start is not held up.
                startupProbe: { ...probe('/livez'), periodSeconds: 1, failureThreshold: 120 },
                livenessProbe: { ...probe('/livez'), periodSeconds: 10, failureThreshold: 3 },
                readinessProbe: { ...probe('/readyz'), periodSeconds: 5, failureThreshold: 2 },
              },
            ],
          },
        },
      },
    });
    const { policy } = props.image;
    if (policy !== undefined) {
      for (const list of props.migrate ? ['initContainers', 'containers'] : ['containers']) {
        addSetterMarker(deployment, { path: ['spec', 'template', 'spec', list, 0, 'image'], policy });
      }
    }
  }

  private autoscaler(id: string, replicas: { min: number; max: number }): void {
    new CoreResource(this, 'autoscaler', KubeHorizontalPodAutoscalerV2, {
      metadata: { name: id },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: id },
        minReplicas: replicas.min,
        maxReplicas: replicas.max,
        metrics: [
          {
            type: 'Resource',
            resource: {
              name: 'cpu',
              target: { type: 'Utilization', averageUtilization: TARGET_CPU_PERCENT },
            },
          },
        ],
      },
    });
  }

  /**
   * The Service that stands for all requests. Flagger would make one too, but that one would belong to the Canary and be
   * gone with it; one that is there already it only lets select the primary, and the target again when the Canary goes.
   */
  private service(
    id: string,
    selector: Record<string, string>,
    port: number,
    release: ReleaseStrategy,
  ): void {
    new CoreResource(this, 'service', KubeService, {
      metadata: {
        name: id,
        // From then on its selector is Flagger's, so Flux must not set it again.
        ...(release.strategy === 'canary' && { annotations: { [APPLY]: 'IfNotPresent' } }),
      },
      spec: {
        selector,
        ports: [{ name: 'http', port: SERVICE_PORT, targetPort: IntOrString.fromNumber(port) }],
      },
    });
  }

  private canary(
    id: string,
    namespace: string,
    port: number,
    release: CanaryRelease,
    { replicas, platform }: WebServiceProps,
  ): void {
    new CustomResource<ICanary>(this, 'canary', {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: { name: id, annotations: { [RELEASE_ANNOTATION]: releaseConfigMap(id) } },
      spec: {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: id },
        // When the Canary goes, Flagger first scales the target up and lets the Service select it.
        revertOnDeletion: true,
        autoscalerRef: {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          name: id,
          primaryScalerReplicas: { minReplicas: replicas.min, maxReplicas: replicas.max },
        },
        progressDeadlineSeconds: 600,
        service: {
          port: SERVICE_PORT,
          portName: 'http',
          targetPort: port,
          // The Service itself is the route's parent: the mesh splits what is sent to it.
          gatewayRefs: [{ group: 'core', kind: 'Service', name: id, namespace, port: SERVICE_PORT }],
        },
        analysis: canaryAnalysis({
          release,
          platform,
          canaryUrl: `http://${id}-canary.${namespace}.svc.cluster.local/`,
          port,
        }),
      },
    });
  }
}

function environment(values: Record<string, string>): EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function secretEnvironment(secrets: Record<string, { name: string; key: string }>): EnvVar[] {
  return Object.entries(secrets).map(([name, secret]) => ({ name, valueFrom: { secretKeyRef: secret } }));
}
