import type { Manifest } from '../../dist/manifests.ts';
import type { Cluster } from '../cluster.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, items, text } from '../read.ts';
import { mend } from '../suggest.ts';

export const backends: Policy = {
  name: 'backends',
  reason: 'A route to a Service or port that is not there answers every user with an error.',
  check: inClusters((cluster) =>
    [
      ...cluster.ofKind('networking.k8s.io/Ingress').flatMap(ingressBackends),
      ...cluster.ofKind('gateway.networking.k8s.io/HTTPRoute').flatMap(routeBackends),
    ].flatMap((backend) => judge(cluster, backend)),
  ),
};

/** A Service that a route sends to. */
interface Backend {
  manifest: Manifest;
  path: string;
  namespace: string;
  name: string | undefined;
  /** Its port by number or name. */
  port: unknown;
}

function ingressBackends(manifest: Manifest): Backend[] {
  const { rules, defaultBackend } = fields(manifest.object.spec);
  const backends: Backend[] = [];
  const add = (backend: unknown, path: string) => {
    const { service } = fields(backend);
    if (service === undefined) return;
    const { number, name } = fields(at(service, 'port'));
    backends.push({
      manifest,
      path: `${path}.service`,
      namespace: manifest.object.metadata?.namespace ?? '',
      name: text(at(service, 'name')),
      port: number ?? name,
    });
  };
  add(defaultBackend, 'spec.defaultBackend');
  for (const [rule, { http }] of items(rules).map(fields).entries()) {
    for (const [index, route] of items(at(http, 'paths')).entries())
      add(at(route, 'backend'), `spec.rules[${rule}].http.paths[${index}].backend`);
  }
  return backends;
}

function routeBackends(manifest: Manifest): Backend[] {
  return items(at(manifest.object.spec, 'rules')).flatMap((rule, outer) =>
    items(at(rule, 'backendRefs')).flatMap((reference, inner): Backend[] => {
      const { kind, name, namespace, port } = fields(reference);
      if (kind !== undefined && kind !== 'Service') return [];
      return [
        {
          manifest,
          path: `spec.rules[${outer}].backendRefs[${inner}]`,
          namespace: text(namespace) ?? manifest.object.metadata?.namespace ?? '',
          name: text(name),
          port,
        },
      ];
    }),
  );
}

function judge(cluster: Cluster, { manifest, path, namespace, name = '', port }: Backend): Breach[] {
  const ports = portsOf(cluster, namespace, name);
  if (ports === undefined) {
    if (cluster.holdsUnseen(namespace)) return [];
    const made = cluster.canaries.filter((canary) => canary.namespace === namespace);
    const known = [...cluster.names('Service', namespace), ...made.flatMap(({ services }) => services)];
    return [
      {
        at: manifest,
        path: `${path}.name`,
        wrong: `the namespace ${JSON.stringify(namespace)} has no Service ${JSON.stringify(name)}`,
        fix: mend(name, known, 'make it'),
      },
    ];
  }
  if (port === undefined || ports.includes(port)) return [];
  const has = ports.filter((known) => known !== undefined).map((known) => JSON.stringify(known));
  return [
    {
      at: manifest,
      path: `${path}.port`,
      wrong: `the Service ${JSON.stringify(name)} has no port ${JSON.stringify(port)}`,
      fix: `it has ${has.join(' and ')}`,
    },
  ];
}

/** The ports of a Service, by number and by name, if there is one: ours, or one that Flagger makes. */
function portsOf(cluster: Cluster, namespace: string, name: string): readonly unknown[] | undefined {
  const canary = cluster.madeByFlagger('Service', namespace, name);
  if (canary) return [canary.port, canary.portName];
  const services = cluster.find('Service', namespace, name);
  if (services.length === 0) return undefined;
  return services.flatMap(({ object }) =>
    items(at(object.spec, 'ports')).flatMap((own) => [fields(own).port, fields(own).name]),
  );
}
