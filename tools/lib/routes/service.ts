// What answers behind a Service: the split of a canary, and pods.
import type { Cluster } from '../policy/cluster.ts';
import type { Canary } from '../policy/flagger.ts';
import type { Pods } from '../policy/pods.ts';
import type { Breach } from '../policy/policy.ts';
import { at, fields, items, text } from '../policy/read.ts';
import { workload } from '../policy/workloads.ts';
import { barriers, type Target } from './access.ts';
import type { Edge } from './edge.ts';
import type { Route } from './trace.ts';

/** What a Service leads to. */
export interface Answer {
  /** Whether a release takes its share of the traffic, in words. */
  split: string;
  /** Which pods answer, in words. */
  pods: string;
  breaches: readonly Breach[];
}

/** The word for what only a Helm chart knows. */
const UNSEEN = "of a Helm chart's own";

/** What answers a route. */
export function answer(cluster: Cluster, route: Route, edge: Edge | undefined): Answer {
  const { ingress, namespace, service, port } = route;
  const broken = (wrong: string, fix: string, key = 'name'): Breach => ({
    at: ingress,
    path: `${route.at}.${key}`,
    wrong,
    fix,
  });
  const [own] = cluster.find('Service', namespace, service);
  const canary = cluster.madeByFlagger('Service', namespace, service);
  if (own === undefined && canary === undefined) {
    if (!cluster.holdsUnseen(namespace)) {
      return { split: '-', pods: '-', breaches: [broken('there is no such Service', 'make it')] };
    }
    const walls = edge ? barriers(cluster, edge, namespace, undefined) : [];
    const breaches = walls.map((wall) => broken(wall, 'let it in'));
    return { split: 'none', pods: UNSEEN, breaches };
  }
  const ports = own ? servicePorts(own.object.spec) : [];
  const target = ports.find((found) => found.port === port || found.name === port);
  const selected = own
    ? cluster.pods.selected(namespace, { matchLabels: fields(at(own.object.spec, 'selector')) })
    : canary
      ? podsOf(cluster, canary)
      : [];
  const targetPort = target?.targetPort ?? canary?.targetPort ?? port;
  const breaches = [
    ...(canary ? splitBreaches(cluster, route, canary).map(([wrong, fix]) => broken(wrong, fix)) : []),
    ...(selected.length === 0 ? [broken('its Service sends to no pods', 'make its selector theirs')] : []),
    ...selected.flatMap((pods) =>
      podBreaches(cluster, edge, pods, targetPort).map(([wrong, fix]) => broken(wrong, fix)),
    ),
  ];
  return {
    split: splitOf(route, canary),
    pods: `${[...new Set(selected.map(nameOf))].join(', ') || '-'}: ${targetPort}`,
    breaches,
  };
}

function servicePorts(spec: unknown) {
  return items(at(spec, 'ports')).map(fields);
}

function splitOf({ service, namespace }: Route, canary: Canary | undefined): string {
  if (canary === undefined) return 'none: a rolling update';
  const [apex, , tried] = canary.services;
  if (service === tried) return `none: what Canary ${namespace}/${canary.name} tries, before users do`;
  return `HTTPRoute ${namespace}/${apex}, by Flagger for Canary ${namespace}/${canary.name}`;
}

/** Flagger's route splits what is sent to the Service that is its parent, at the port that it names. */
function splitBreaches(cluster: Cluster, { service, port }: Route, canary: Canary): [string, string][] {
  const [apex, primary, tried] = canary.services;
  if (service === tried) return [];
  if (service === primary) {
    return [
      [
        `sends past the split of Canary ${canary.name}: no release would get a request`,
        `write ${JSON.stringify(apex)}`,
      ],
    ];
  }
  const breaches: [string, string][] = [];
  const references = items(at(canary.manifest.object.spec, 'service', 'gatewayRefs')).map(fields);
  const isParent = references.some(
    ({ kind, name, namespace = canary.namespace, port: own }) =>
      kind === 'Service' &&
      name === apex &&
      namespace === canary.namespace &&
      (own === undefined || own === port),
  );
  if (!isParent) {
    breaches.push([
      `the route that Flagger makes for Canary ${canary.name} has not ${apex}:${port} for its parent, so nothing is split there`,
      'name that Service and port in spec.service.gatewayRefs of the Canary',
    ]);
  }
  const provider = meshProvider(cluster);
  if (provider !== undefined && !provider.startsWith('gatewayapi:')) {
    breaches.push([
      `Flagger drives ${JSON.stringify(provider)}, which makes no route that Linkerd knows`,
      'set its meshProvider to "gatewayapi:v1"',
    ]);
  }
  return breaches;
}

function meshProvider(cluster: Cluster): string | undefined {
  for (const { object } of cluster.ofKind('helm.toolkit.fluxcd.io/HelmRelease')) {
    const provider = text(at(object.spec, 'values', 'meshProvider'));
    if (provider !== undefined) return provider;
  }
  return undefined;
}

/** The pods of a canary's target, for a Service that only Flagger makes. */
function podsOf(cluster: Cluster, { targetKind, namespace, target }: Canary): readonly Pods[] {
  return cluster
    .find(targetKind, namespace, target)
    .map(workload)
    .flatMap((own) => (own ? cluster.pods.selected(namespace, { matchLabels: own.labels }) : []));
}

function nameOf({ workload: { name }, role }: Pods): string {
  return role === 'primary' ? `${name}-primary` : name;
}

function podBreaches(
  cluster: Cluster,
  edge: Edge | undefined,
  { workload: own, labels }: Pods,
  targetPort: unknown,
): [string, string][] {
  const ports = own.containers
    .filter(({ stays }) => stays)
    .flatMap(({ fields: container }) => items(container.ports).map(fields));
  const port = ports.find(({ containerPort, name }) => containerPort === targetPort || name === targetPort);
  const breaches: [string, string][] = [];
  if (port === undefined) {
    breaches.push([
      `the pods of ${own.name} have no port ${JSON.stringify(targetPort)}`,
      'write the port that a container listens on',
    ]);
  }
  if (!isMeshed(cluster, own.namespace, own.manifest.object)) {
    breaches.push([
      `the pods of ${own.name} are not in the mesh`,
      'annotate their namespace linkerd.io/inject: enabled',
    ]);
  }
  if (edge && port) {
    const target: Target = { labels, ports: [port.containerPort, port.name] };
    for (const wall of barriers(cluster, edge, own.namespace, target)) breaches.push([wall, 'let it in']);
  }
  return breaches;
}

function isMeshed(cluster: Cluster, namespace: string, object: { spec?: unknown }): boolean {
  const own = fields(at(object.spec, 'template', 'metadata', 'annotations'))['linkerd.io/inject'];
  const [found] = cluster.find('Namespace', undefined, namespace);
  const inherited = fields(found?.object.metadata?.annotations)['linkerd.io/inject'];
  return (own ?? inherited) === 'enabled';
}
