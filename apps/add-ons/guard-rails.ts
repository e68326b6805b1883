import type { Config } from '../../config/load.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { admissionPolicies } from '../../flux/add-ons/admission-policies.ts';
import { priorityClasses } from '../../flux/add-ons/priority-classes.ts';
import type { PodSecurityLevel } from '../../flux/admission/namespace-levels.ts';
import type { AddOnContext } from './context.ts';

/** Where the images of our charts come from. A path ends in a slash: `quay.io/jetstack-evil/` is another. */
const PLATFORM_IMAGES = [
  'quay.io/jetstack/', // cert-manager, trust-manager
  'cr.l5d.io/linkerd/',
  'ghcr.io/fluxcd/', // Flagger and its load tester
  'registry.k8s.io/', // ingress-nginx, external-dns, metrics-server, kube-state-metrics
  'quay.io/oauth2-proxy/',
  'public.ecr.aws/karpenter/',
  'public.ecr.aws/eks/', // the load balancer controller
  'public.ecr.aws/aws-observability/', // Fluent Bit
  'ghcr.io/external-secrets/',
  'quay.io/prometheus/',
  'quay.io/prometheus-operator/',
  'ghcr.io/jkroepke/', // the certificate of Prometheus' operator
  'docker.io/grafana/',
  'quay.io/kiwigrid/', // what reads dashboards for Grafana
  'ghcr.io/open-telemetry/',
];

/** The mesh's proxy, which is put into apps' pods. */
const PROXY_IMAGES = 'cr.l5d.io/linkerd/';

/** Namespaces whose pods may ask more of their node. Beside each add-on stands why. */
export const LEVELS: Readonly<Record<string, PodSecurityLevel>> = {
  'linkerd-cni': 'privileged',
  logging: 'privileged',
  'node-exporter': 'privileged',
};

/** What nobody may do, and who makes room for whom. */
export function guardRailsAddOns({ config, cluster, isHighlyAvailable }: AddOnContext): AddOn[] {
  return [
    priorityClasses(),
    admissionPolicies({
      cluster: cluster.name,
      apps: cluster.apps,
      appImages: [...appImages(config, cluster.ring), PROXY_IMAGES],
      platformImages: PLATFORM_IMAGES,
      levels: LEVELS,
      sharedSecrets: [`${cluster.name}/platform/registry`],
      isPlatformEnforced: isHighlyAvailable,
    }),
  ];
}

/** Our own registry, and each image of others that an app of the ring is made of. */
function appImages({ platform, images }: Config, ring: string): string[] {
  const own = `${platform.registry}/`;
  // What Flux moves is ours, and must change nothing here: see apps/image-automation.ts.
  const names = Object.values(images[ring] ?? {}).flatMap(({ reference, policy }) =>
    policy === undefined ? [nameOf(reference)] : [],
  );
  return [own, ...new Set(names.filter((name) => !name.startsWith(own)))];
}

/** An image without its tag and digest. */
function nameOf(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^:/]+$/, '');
}
