// Who makes the DNS name of a route, and which names a cluster's certificate is for.
import type { Cluster } from '../policy/cluster.ts';
import { at, fields, items, text } from '../policy/read.ts';

/** What writes DNS names. */
export interface Dns {
  /** The domains below which it writes. */
  domains: readonly string[];
  /** What keeps it from writing the names of routes. */
  problems: readonly string[];
}

/** What writes the names of a cluster's routes, if something does. */
export function dns(cluster: Cluster): Dns | undefined {
  for (const { object } of cluster.ofKind('helm.toolkit.fluxcd.io/HelmRelease')) {
    if (text(at(object.spec, 'chart', 'spec', 'chart')) !== 'external-dns') continue;
    const { sources, domainFilters, txtOwnerId } = fields(at(object.spec, 'values'));
    return {
      domains: items(domainFilters).map(String),
      problems: [
        ...(items(sources).includes('ingress') ? [] : ['external-dns does not look at Ingresses']),
        // With an id that two share, each would delete what the other has written.
        ...(txtOwnerId === cluster.name
          ? []
          : [`external-dns takes records for its own that belong to ${JSON.stringify(txtOwnerId)}`]),
      ],
    };
  }
  return undefined;
}

/** Whether a name is a domain or below it. */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/**
 * Whether the certificate of a ring is for a name: that of the domain and of all names right below it.
 *
 * @see config/cluster-vars.ts
 */
export function isCertified(host: string, domain: string): boolean {
  return host === domain || host.slice(host.indexOf('.') + 1) === domain;
}
