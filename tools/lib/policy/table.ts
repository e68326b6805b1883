import { autoscalerTargets } from './policies/autoscaler-targets.ts';
import { backends } from './policies/backends.ts';
import { canaryReferences } from './policies/canary-references.ts';
import { crdsFirst } from './policies/crds-first.ts';
import { dependsOn } from './policies/depends-on.ts';
import { flaggerOwned } from './policies/flagger-owned.ts';
import { fluxSources } from './policies/flux-sources.ts';
import { folders } from './policies/folders.ts';
import { labels } from './policies/labels.ts';
import { namespaces } from './policies/namespaces.ts';
import { noReplicas } from './policies/no-replicas.ts';
import { noSecrets } from './policies/no-secrets.ts';
import { pinnedImages } from './policies/pinned-images.ts';
import { podSecurity } from './policies/pod-security.ts';
import { probes } from './policies/probes.ts';
import { readOnlyRoot } from './policies/read-only-root.ts';
import { resources } from './policies/resources.ts';
import { routes } from './policies/routes.ts';
import { secretSources } from './policies/secret-sources.ts';
import { setterMarkers } from './policies/setter-markers.ts';
import { unique } from './policies/unique.ts';
import { variables } from './policies/variables.ts';
import type { Policy } from './policy.ts';

/** Every policy that a compile is held to. */
export const POLICIES: readonly Policy[] = [
  podSecurity,
  readOnlyRoot,
  resources,
  pinnedImages,
  noSecrets,
  probes,
  noReplicas,
  flaggerOwned,
  canaryReferences,
  autoscalerTargets,
  backends,
  routes,
  labels,
  variables,
  namespaces,
  dependsOn,
  crdsFirst,
  folders,
  fluxSources,
  secretSources,
  unique,
  setterMarkers,
];
