import { MESH_PORT } from '../../charts/network-peers.ts';
import type { MeshedPods, PlatformPods } from '../../charts/platform.ts';
import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import { INGRESS_CLASS, ROUTE_HEADERS } from '../../charts/public-route.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';
import { CRITICAL, KEPT_NODES, spread } from '../pod-defaults.ts';
import { LOAD_BALANCER_CONTROLLER } from './aws-load-balancer-controller.ts';
import { LINKERD_CONTROL_PLANE } from './linkerd-control-plane.ts';

export interface IngressNginxProps {
  /** Version of the chart. */
  version: string;
  network: ClusterNetwork;
  /** The ACM certificate with which the load balancer answers. */
  certificateArn: string;
  /** Whether the load balancer has addresses on the internet or in the VPC alone. */
  access: 'public' | 'internal';
  /** CIDRs of the subnets that it is in: who calls from there is believed what it says of clients. */
  loadBalancerCidrs: readonly string[];
  /** CIDRs from which the load balancer takes connections. @default everywhere */
  allowFrom?: readonly string[];
  /** Pods that have routes and are not in the mesh, with the port that each listens on. @default none */
  unmeshed?: readonly { pods: PlatformPods; port: number }[];
  /** Whether it grows with its load, over zones; else two small pods. */
  isHighlyAvailable: boolean;
  /** Whether CPU is measured, without which nothing can grow. */
  isMeasured: boolean;
}

/** The name of the add-on, its chart, its namespace and its ServiceAccount. */
export const INGRESS_NGINX = 'ingress-nginx';

/** What receives users' requests and sends them on: the one place that says who it is. */
export const INGRESS_CONTROLLER = {
  namespace: INGRESS_NGINX,
  labels: { 'app.kubernetes.io/name': INGRESS_NGINX, 'app.kubernetes.io/component': 'controller' },
  serviceAccount: INGRESS_NGINX,
} as const satisfies MeshedPods;

/**
 * The controller's ports. Above 1024, so that it needs no right to bind them.
 *
 * The load balancer speaks to the first two and to nobody else: what arrived there by HTTPS comes to `http`, what arrived
 * by HTTP comes to `redirect`.
 */
export const EDGE_PORTS = { http: 8080, redirect: 8081, https: 8444, webhook: 8443, metrics: 10254 } as const;

/**
 * How a pod goes, in seconds, so that no request is lost.
 *
 * A load balancer was seen to send new connections for two minutes to a pod that it had been told to leave, whatever its
 * deregistration delay is. And a connection that is open may bring one more request at any time: so no connection takes new
 * ones for longer than `recycle`, nor stays idle longer. A connection that began in the last moment has answered its last
 * request, with the word that it was the last, before nginx is told to end; requests under way have `finish` from then on.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366
 */
export const DRAIN = { deregister: 120, recycle: 30, finish: 60 } as const;

/** From the word that it must go to the word for nginx to end: twice the time of a connection, busy at first, then idle. */
const PRE_STOP_SECONDS = DRAIN.deregister + 2 * DRAIN.recycle;

/** The controller itself waits for ten seconds after nginx; the rest is for a slow node. */
const GRACE_SECONDS = PRE_STOP_SECONDS + DRAIN.finish + 60;

/** Keys of the chart that we set. @see https://github.com/kubernetes/ingress-nginx/blob/main/charts/ingress-nginx/values.yaml */
interface Values {
  controller: {
    containerPort: Readonly<Record<string, number>>;
    extraArgs: Readonly<Record<string, string>>;
    config: Readonly<Record<string, string>>;
    addHeaders: Readonly<Record<string, string>>;
    ingressClassResource: { name: string };
    podAnnotations: Readonly<Record<string, string>>;
    priorityClassName: string;
    replicaCount: number;
    maxUnavailable: number;
    unhealthyPodEvictionPolicy: 'AlwaysAllow';
    autoscaling?: object;
    updateStrategy: object;
    topologySpreadConstraints: object[];
    affinity: object;
    resources: object;
    terminationGracePeriodSeconds: number;
    lifecycle: object;
    service: {
      loadBalancerClass: string;
      allocateLoadBalancerNodePorts: boolean;
      loadBalancerSourceRanges?: readonly string[];
      annotations: Readonly<Record<string, string>>;
      targetPorts: { http: string; https: string };
    };
    admissionWebhooks: {
      port: number;
      createSecretJob: { resources: object };
      patchWebhookJob: { resources: object };
    };
    metrics: { enabled: boolean; port: number; service: { enabled: boolean } };
  };
  serviceAccount: { name: string };
}

/**
 * The edge: a load balancer in front of ingress-nginx, which is in the mesh.
 *
 * Its upstream has ended in March 2026: docs/edge.md says what to do about that.
 */
export function ingressNginx(props: IngressNginxProps): AddOn {
  const { version, network } = props;
  return {
    name: INGRESS_NGINX,
    namespace: INGRESS_NGINX,
    // The load balancer's controller marks pods as they are made; and without the mesh no pod would be in it.
    dependsOn: [LOAD_BALANCER_CONTROLLER, LINKERD_CONTROL_PLANE],
    startMinutes: 20,
    why: 'Receives what users ask for, by HTTPS alone, and sends it to the Service that its host and path belong to.',
    needs: 'a certificate in ACM for the domain of the ring, and the load balancer controller',
    costs: 'a Network Load Balancer, and what it carries',
    charts: [INGRESS_NGINX],
    sources(scope) {
      new ChartRepository(scope, INGRESS_NGINX, { url: 'https://kubernetes.github.io/ingress-nginx' });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: INGRESS_NGINX,
        network,
        // A pod is not ready before the load balancer has found it healthy.
        labels: { 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' },
        loadBalancers: 1,
        metrics: [EDGE_PORTS.metrics],
        ingress: [
          {
            pods: INGRESS_CONTROLLER.labels,
            peers: props.loadBalancerCidrs.map((cidr) => ({ cidr })),
            ports: [EDGE_PORTS.http, EDGE_PORTS.redirect],
          },
          {
            pods: INGRESS_CONTROLLER.labels,
            peers: network.apiServer.map((cidr) => ({ cidr })),
            ports: [EDGE_PORTS.webhook],
          },
        ],
        // Whoever has a route: each of them says for itself that it may be called from here.
        egress: [
          { pods: INGRESS_CONTROLLER.labels, ports: [MESH_PORT] },
          ...(props.unmeshed ?? []).map(({ pods, port }) => ({
            pods: INGRESS_CONTROLLER.labels,
            peers: [pods],
            ports: [port],
          })),
        ],
      });
      new HelmRelease<Values>(scope, INGRESS_NGINX, {
        chart: { repository: INGRESS_NGINX, name: INGRESS_NGINX, version },
        // Each pod waits until the load balancer has found it healthy, which takes minutes.
        timeoutMinutes: 15,
        values: values(props),
      });
    },
  };
}

function values(props: IngressNginxProps): Values {
  const { isHighlyAvailable, isMeasured } = props;
  const { http, https, redirect, webhook, metrics } = EDGE_PORTS;
  const job = { resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } } };
  return {
    controller: {
      containerPort: { http, https, redirect },
      extraArgs: { 'http-port': String(http), 'https-port': String(https) },
      config: nginxConfig(props.loadBalancerCidrs),
      // HTTPS ends before nginx, so neither it nor any service would say this by itself.
      addHeaders: { 'Strict-Transport-Security': 'max-age=31536000' },
      ingressClassResource: { name: INGRESS_CLASS },
      podAnnotations: {
        // By the pod, not by the namespace: a Job of the chart's with a proxy would never end.
        'linkerd.io/inject': 'enabled',
        // Past the proxy, which would make every client one, and can't read what the load balancer says of them.
        'config.linkerd.io/skip-inbound-ports': [http, redirect, webhook].join(','),
        // The autoscaler counts the proxy's CPU too, so it must be asked for.
        'config.linkerd.io/proxy-cpu-request': '100m',
      },
      priorityClassName: CRITICAL,
      replicaCount: isHighlyAvailable ? 3 : 2,
      maxUnavailable: 1,
      // One that serves nobody must not keep its node from being emptied.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      ...(isHighlyAvailable &&
        isMeasured && {
          autoscaling: {
            enabled: true,
            minReplicas: 3,
            maxReplicas: 12,
            // One zone of three may go.
            targetCPUUtilizationPercentage: 60,
            // nginx keeps what it has: its memory says nothing of its load.
            targetMemoryUtilizationPercentage: 0,
            behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
          },
        }),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '50%', maxUnavailable: 0 } },
      topologySpreadConstraints: spread(INGRESS_CONTROLLER.labels),
      // Its pods take longer to go than the two minutes that AWS gives a node of the cheaper kind.
      affinity: KEPT_NODES,
      resources: isHighlyAvailable
        ? { requests: { cpu: '250m', memory: '384Mi' }, limits: { memory: '1Gi' } }
        : { requests: { cpu: '50m', memory: '192Mi' }, limits: { memory: '512Mi' } },
      terminationGracePeriodSeconds: GRACE_SECONDS,
      lifecycle: {
        // The image's own program then tells nginx to end, and waits for it.
        preStop: { exec: { command: ['/bin/sh', '-c', `sleep ${PRE_STOP_SECONDS} && /wait-shutdown`] } },
      },
      service: loadBalancer(props),
      admissionWebhooks: { port: webhook, createSecretJob: job, patchWebhookJob: job },
      // Prometheus reads the pods themselves.
      metrics: { enabled: true, port: metrics, service: { enabled: false } },
    },
    serviceAccount: { name: INGRESS_CONTROLLER.serviceAccount },
  };
}

/** @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ */
function loadBalancer({
  access,
  allowFrom,
  certificateArn,
}: IngressNginxProps): Values['controller']['service'] {
  const annotation = (name: string) => `service.beta.kubernetes.io/aws-load-balancer-${name}`;
  return {
    loadBalancerClass: 'service.k8s.aws/nlb',
    // It sends to pods, so no node need listen.
    allocateLoadBalancerNodePorts: false,
    ...(allowFrom && { loadBalancerSourceRanges: allowFrom }),
    annotations: {
      [annotation('scheme')]: access === 'public' ? 'internet-facing' : 'internal',
      [annotation('nlb-target-type')]: 'ip',
      [annotation('ssl-cert')]: certificateArn,
      [annotation('ssl-ports')]: 'https',
      // TLS 1.3, and of 1.2 only what keeps past talk secret.
      [annotation('ssl-negotiation-policy')]: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      [annotation('attributes')]: 'load_balancing.cross_zone.enabled=true',
      // Not with the client's address kept: two clients behind one router may then seem one connection, which fails.
      [annotation('proxy-protocol')]: '*',
      [annotation('target-group-attributes')]: [
        'preserve_client_ip.enabled=false',
        // Longer than a pod takes to go: until then its connections stay.
        `deregistration_delay.timeout_seconds=${GRACE_SECONDS}`,
      ].join(','),
      // Whether nginx serves is for the pod to say, which is no target before it does: a target must only be reached.
      [annotation('healthcheck-protocol')]: 'TCP',
      [annotation('healthcheck-port')]: 'traffic-port',
    },
    targetPorts: { http: 'redirect', https: 'http' },
  };
}

/** @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/ */
function nginxConfig(loadBalancerCidrs: readonly string[]): Record<string, string> {
  return {
    // The load balancer says who calls. What a client says of itself in X-Forwarded-For, -Proto or -Host is overwritten. By
    // the load balancer's port, which it says too, services are told that it was HTTPS.
    'use-proxy-protocol': 'true',
    'proxy-real-ip-cidr': loadBalancerCidrs.join(','),
    'use-forwarded-headers': 'false',
    // As every route says of itself: the mesh can't split what is sent past a Service.
    'service-upstream': 'true',
    'http-snippet': [
      `keepalive_time ${DRAIN.recycle}s;`,
      'server {',
      `  listen ${EDGE_PORTS.redirect} proxy_protocol;`,
      '  access_log off;',
      '  return 308 https://$host$request_uri;',
      '}',
    ].join('\n'),
    'keep-alive': String(DRAIN.recycle),
    'worker-shutdown-timeout': `${DRAIN.finish}s`,
    // Else as many as the node has processors.
    'worker-processes': '2',
    // Time for the slowest browser, and too little to hold connections open with.
    'client-header-timeout': '15',
    'client-body-timeout': '30',
    // What took too long once will again, and a second time the load helps nobody.
    'proxy-next-upstream': 'error',
    'proxy-next-upstream-tries': '2',
    'limit-req-status-code': '429',
    'limit-conn-status-code': '429',
    'global-allowed-response-headers': ROUTE_HEADERS.join(','),
    // It would be said of HTTPS that ends in nginx only; addHeaders says it.
    hsts: 'false',
    'log-format-escape-json': 'true',
    'log-format-upstream': LOG_FORMAT,
    // Below this, nginx writes the client's address and the whole request; what goes wrong is told by each line's status.
    'error-log-level': 'crit',
  };
}

/**
 * A line of the log: nothing that tells of a person, so no address, no path below the route's, no query, no referrer and no
 * browser. By its id a request is found in the service's log.
 */
const LOG_FORMAT = JSON.stringify({
  time: '$time_iso8601',
  requestId: '$req_id',
  host: '$host',
  method: '$request_method',
  protocol: '$server_protocol',
  namespace: '$namespace',
  route: '$ingress_name',
  path: '$location_path',
  service: '$service_name',
  status: '$status',
  seconds: '$request_time',
  requestBytes: '$request_length',
  responseBytes: '$bytes_sent',
  upstreamStatus: '$upstream_status',
  upstreamSeconds: '$upstream_response_time',
});
