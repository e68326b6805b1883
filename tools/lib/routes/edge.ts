// The controller of Ingresses with its load balancer, as the values of its chart make them.
import type { Manifest } from '../dist/manifests.ts';
import type { Cluster } from '../policy/cluster.ts';
import type { Breach } from '../policy/policy.ts';
import { at, type Fields, fields, items, text } from '../policy/read.ts';
import type { Labels } from '../policy/selector.ts';

const HELM_RELEASE = 'helm.toolkit.fluxcd.io/HelmRelease';
const LOAD_BALANCER = 'service.beta.kubernetes.io/aws-load-balancer-';

/**
 * How long a load balancer sends new connections to a pod that it has been told to leave, in seconds, and how long nginx
 * waits for a Service that says nothing.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366
 */
const DEREGISTER_SECONDS = 120;
const REQUEST_SECONDS = 60;

/** What receives users' requests in a cluster. */
export interface Edge {
  manifest: Manifest;
  namespace: string;
  /** The class of Ingresses that it serves. */
  className: string;
  /** The Service that stands for the load balancer: `ingress-nginx/ingress-nginx-controller`. */
  service: string;
  access: 'public' | 'internal';
  /** Where HTTPS arrives at its pods. */
  port: unknown;
  certificate: string;
  /** Who it is to network policies and to the mesh. */
  labels: Labels;
  serviceAccount: string;
  /** What would lose requests, or believe what a client makes up. */
  breaches: readonly Breach[];
}

/** What is wrong, and where in the HelmRelease. */
type Problem = Required<Omit<Breach, 'at'>>;

/** The controllers of a cluster. */
export function edges(cluster: Cluster): Edge[] {
  return cluster.ofKind(HELM_RELEASE).flatMap((manifest) => {
    const chart = text(at(manifest.object.spec, 'chart', 'spec', 'chart'));
    return chart === 'ingress-nginx' ? [edge(cluster, manifest)] : [];
  });
}

function edge(cluster: Cluster, manifest: Manifest): Edge {
  const { name = '', namespace = '' } = manifest.object.metadata ?? {};
  const values = fields(at(manifest.object.spec, 'values'));
  const controller = fields(values.controller);
  const service = fields(controller.service);
  const annotations = fields(service.annotations);
  const ports = fields(controller.containerPort);
  return {
    manifest,
    namespace,
    className: text(at(controller, 'ingressClassResource', 'name')) ?? 'nginx',
    service: `${namespace}/${name}-controller`,
    access: annotations[`${LOAD_BALANCER}scheme`] === 'internet-facing' ? 'public' : 'internal',
    port: ports[String(at(service, 'targetPorts', 'https'))],
    certificate: String(annotations[`${LOAD_BALANCER}ssl-cert`] ?? ''),
    labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
    serviceAccount: text(at(values, 'serviceAccount', 'name')) ?? name,
    breaches: [
      ...loadBalancerProblems(service, annotations),
      ...portProblems(controller, ports),
      ...clientProblems(controller, annotations),
      ...meshProblems(controller, ports),
      ...drainProblems(cluster, namespace, controller),
    ].map((problem) => ({ at: manifest, ...problem })),
  };
}

const path = (rest: string) => `spec.values.controller.${rest}`;
const annotationPath = (name: string) => path(`service.annotations.${LOAD_BALANCER}${name}`);

function loadBalancerProblems(service: Fields, annotations: Fields): Problem[] {
  const problems: Problem[] = [];
  const hold = (isRight: boolean, problem: Problem) => void (isRight || problems.push(problem));
  hold(service.loadBalancerClass === 'service.k8s.aws/nlb', {
    path: path('service.loadBalancerClass'),
    wrong: 'no load balancer controller is named that makes a Network Load Balancer',
    fix: 'write "service.k8s.aws/nlb"',
  });
  hold(annotations[`${LOAD_BALANCER}nlb-target-type`] === 'ip', {
    path: annotationPath('nlb-target-type'),
    wrong: 'the load balancer sends to nodes: no pod can wait until it is a target',
    fix: 'write "ip"',
  });
  hold(String(annotations[`${LOAD_BALANCER}ssl-cert`] ?? '') !== '', {
    path: annotationPath('ssl-cert'),
    wrong: 'HTTPS has no certificate',
    fix: 'give the ARN of one',
  });
  const ssl = String(annotations[`${LOAD_BALANCER}ssl-ports`] ?? '').split(',');
  hold(ssl.length === 1 && (ssl[0] === 'https' || ssl[0] === '443'), {
    path: annotationPath('ssl-ports'),
    wrong: 'HTTPS is not what port 443 speaks, and that alone',
    fix: 'write "https"',
  });
  return problems;
}

/** HTTPS ends at the load balancer, so that what comes from 443 is plain, and what comes from 80 must never be served. */
function portProblems(controller: Fields, ports: Fields): Problem[] {
  const problems: Problem[] = [];
  const { http, https } = fields(at(controller, 'service', 'targetPorts'));
  const plain = Number(at(controller, 'extraArgs', 'http-port') ?? 80);
  if (Number(ports[String(https)]) !== plain) {
    problems.push({
      path: path('service.targetPorts.https'),
      wrong: `what comes by HTTPS does not go to the port at which nginx takes plain requests, ${plain}`,
      fix: 'write the name of that port',
    });
  }
  const redirect = ports[String(http)];
  const server = new RegExp(String.raw`\bserver \{[^}]*\blisten ${redirect}\b[^}]*\breturn 30[18] https:`);
  if (redirect === undefined || !server.test(String(at(controller, 'config', 'http-snippet') ?? ''))) {
    problems.push({
      path: path('service.targetPorts.http'),
      wrong: 'what comes by HTTP does not go to a port that only redirects',
      fix: 'have a server of config.http-snippet listen at a port of its own, and name that port',
    });
  }
  return problems;
}

/** Whose word it takes for who a client is. */
function clientProblems(controller: Fields, annotations: Fields): Problem[] {
  const problems: Problem[] = [];
  const config = fields(controller.config);
  const sends = annotations[`${LOAD_BALANCER}proxy-protocol`] === '*';
  const reads = config['use-proxy-protocol'] === 'true';
  if (sends !== reads) {
    problems.push({
      path: path('config.use-proxy-protocol'),
      wrong: sends
        ? 'the load balancer says who calls, and nginx takes it for a broken request'
        : 'nginx waits to be told who calls, and the load balancer says nothing',
      fix: 'switch the proxy protocol on at both ends, or at none',
    });
  }
  if (config['use-forwarded-headers'] === 'true') {
    problems.push({
      path: path('config.use-forwarded-headers'),
      wrong: 'a client could say of itself who it is',
      fix: 'leave it out: the load balancer is no HTTP proxy, so these headers are the clients’ own',
    });
  }
  const snippet = String(config['http-snippet'] ?? '');
  const listens = [...snippet.matchAll(/\blisten \d+([^;]*);/g)].map(([, options]) => options ?? '');
  if (reads && listens.some((options) => !options.includes('proxy_protocol'))) {
    problems.push({
      path: path('config.http-snippet'),
      wrong: 'a server takes for a broken request what the load balancer says of who calls',
      fix: 'add "proxy_protocol" to its "listen"',
    });
  }
  return problems;
}

function meshProblems(controller: Fields, ports: Fields): Problem[] {
  const annotations = fields(controller.podAnnotations);
  if (annotations['linkerd.io/inject'] !== 'enabled') {
    return [
      {
        path: path('podAnnotations.linkerd.io/inject'),
        wrong: 'it is not in the mesh: nothing would be split, and services would refuse it',
        fix: 'write "enabled"; not "ingress", which goes past the split',
      },
    ];
  }
  const skipped = new Set(String(annotations['config.linkerd.io/skip-inbound-ports'] ?? '').split(','));
  const targets = Object.values(fields(at(controller, 'service', 'targetPorts'))).map((name) =>
    String(ports[String(name)]),
  );
  return targets
    .filter((port) => !skipped.has(port))
    .map((port) => ({
      path: path('podAnnotations.config.linkerd.io/skip-inbound-ports'),
      wrong: `the load balancer's connections to port ${port} go by way of the proxy, which makes every client one`,
      fix: `add ${port}`,
    }));
}

/** How a pod goes: the load balancer sends it new connections for a while. */
function drainProblems(cluster: Cluster, namespace: string, controller: Fields): Problem[] {
  const problems: Problem[] = [];
  const command = items(at(controller, 'lifecycle', 'preStop', 'exec', 'command')).join(' ');
  const seconds = Number(/\bsleep (\d+)/.exec(command)?.[1] ?? 0);
  if (seconds < DEREGISTER_SECONDS) {
    problems.push({
      path: path('lifecycle.preStop'),
      wrong: `a pod that must go serves for ${seconds} more seconds, and new connections come for ${DEREGISTER_SECONDS}`,
      fix: `have it sleep for ${DEREGISTER_SECONDS} seconds or more`,
    });
  }
  const grace = Number(controller.terminationGracePeriodSeconds ?? 300);
  if (grace < seconds + REQUEST_SECONDS) {
    problems.push({
      path: path('terminationGracePeriodSeconds'),
      wrong: `${grace} seconds end before the ${seconds} that it waits and the ${REQUEST_SECONDS} that a request may take`,
      fix: `write ${seconds + REQUEST_SECONDS} or more`,
    });
  }
  const [own] = cluster.find('Namespace', undefined, namespace);
  if (own && fields(own.object.metadata?.labels)['elbv2.k8s.aws/pod-readiness-gate-inject'] !== 'enabled') {
    problems.push({
      path: path('service'),
      wrong: `pods of the namespace "${namespace}" are ready before the load balancer knows them`,
      fix: 'label it elbv2.k8s.aws/pod-readiness-gate-inject: enabled',
    });
  }
  return problems;
}
