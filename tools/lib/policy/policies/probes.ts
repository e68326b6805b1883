import type { Cluster } from '../cluster.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, type Fields, fields, items } from '../read.ts';
import type { Container, Workload } from '../workloads.ts';

/** Names of ports that are for the platform alone. */
const MANAGEMENT = new Set<unknown>(['management', 'admin', 'health']);

const WANTED = ['readinessProbe', 'livenessProbe'] as const;

export const probes: Policy = {
  name: 'probes',
  reason:
    'Without them requests reach pods that cannot answer; on the port for users they count as requests that canaries are judged by.',
  check: inClusters((cluster) => {
    const ports = usersPorts(cluster);
    return cluster.workloads.flatMap((workload) => judge(workload, ports.get(workload)));
  }),
};

/** The container ports, by number or name, that Services and Canaries send to. */
function usersPorts(cluster: Cluster): Map<Workload, Set<unknown>> {
  const ports = new Map<Workload, Set<unknown>>();
  const add = (workload: Workload, targets: readonly unknown[]) => {
    const known = ports.get(workload) ?? new Set();
    for (const target of targets) known.add(target);
    ports.set(workload, known);
  };
  for (const { object } of cluster.ofKind('Service')) {
    const { selector, ports: own } = fields(object.spec);
    if (Object.keys(fields(selector)).length === 0) continue;
    const targets = items(own).map((port) => fields(port).targetPort ?? fields(port).port);
    const namespace = object.metadata?.namespace ?? '';
    for (const { workload } of cluster.pods.selected(namespace, { matchLabels: selector }))
      add(workload, targets);
  }
  for (const workload of cluster.workloads) {
    for (const { targetPort } of cluster.canariesOf(workload)) add(workload, [targetPort]);
  }
  return ports;
}

function judge({ manifest, containers }: Workload, targets: ReadonlySet<unknown> | undefined): Breach[] {
  if (targets === undefined) return [];
  const staying = containers.filter(({ stays }) => stays);
  const behind = staying.filter((container) => portsOf(container).some((port) => isTarget(port, targets)));
  // Ports need not be declared: where none is, each container may be the one that answers.
  const answering =
    behind.length > 0 ? behind : staying.filter(({ path }) => !path.includes('initContainers'));
  return answering.flatMap((container) => {
    const { fields: own, path } = container;
    const breaches: Breach[] = WANTED.filter((probe) => own[probe] === undefined).map((probe) => ({
      at: manifest,
      path: `${path}.${probe}`,
      wrong: 'is missing, and a Service or Canary sends requests to the container',
      fix: 'add it',
    }));
    const management = portsOf(container).find(({ name }) => MANAGEMENT.has(name));
    if (management === undefined) return breaches;
    for (const probe of [...WANTED, 'startupProbe']) {
      for (const kind of ['httpGet', 'tcpSocket', 'grpc']) {
        const port = resolve(at(own[probe], kind, 'port'), container);
        if (port === undefined || port.name === management.name || !isTarget(port, targets)) continue;
        breaches.push({
          at: manifest,
          path: `${path}.${probe}.${kind}.port`,
          wrong: `is ${JSON.stringify(port.name ?? port.containerPort)}, the port for users`,
          fix: `use ${JSON.stringify(management.name)}`,
        });
      }
    }
    return breaches;
  });
}

function portsOf({ fields: container }: Container): readonly Fields[] {
  return items(container.ports).map(fields);
}

function isTarget({ name, containerPort }: Fields, targets: ReadonlySet<unknown>): boolean {
  return targets.has(containerPort) || (name !== undefined && targets.has(name));
}

/** The declared port of that number or name; an undeclared number stands for itself. */
function resolve(port: unknown, container: Container): Fields | undefined {
  const declared = portsOf(container).find(
    ({ name, containerPort }) => port === name || port === containerPort,
  );
  if (declared) return port === undefined ? undefined : declared;
  return typeof port === 'number' ? { containerPort: port } : undefined;
}
