// What Flagger makes of a Canary. @see https://docs.flagger.app/usage/how-it-works

import type { Manifest } from '../dist/manifests.ts';
import { groupKind, key } from './identify.ts';
import { at, fields, items, text } from './read.ts';
import type { Labels } from './selector.ts';
import type { Workload } from './workloads.ts';

/** The label whose value Flagger renames for the primary's pods: the only one that may select a target's. */
export const SELECTOR_LABEL = 'app.kubernetes.io/name';

/** Group and kind of Kubernetes' own autoscalers. */
export const AUTOSCALER = 'autoscaling/HorizontalPodAutoscaler';

/** A Canary, as far as others depend on it. */
export interface Canary {
  manifest: Manifest;
  namespace: string;
  name: string;
  /** Group and kind of its target: `apps/Deployment`. */
  targetKind: string;
  target: string;
  /** Group and kind of its autoscaler, and its name, if it has one. */
  autoscalerKind: string;
  autoscaler: string | undefined;
  /** The Services it is reached by: for all requests, for the primary's and for the canary's. */
  services: readonly string[];
  port: unknown;
  portName: string;
  /** The container port that requests arrive on, by number or name. */
  targetPort: unknown;
}

export function canary(manifest: Manifest): Canary {
  const { metadata, spec } = manifest.object;
  const { targetRef, autoscalerRef, service } = fields(spec);
  const target = text(at(targetRef, 'name')) ?? '';
  const { name, port, portName, targetPort } = fields(service);
  const apex = text(name) ?? target;
  return {
    manifest,
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    targetKind: referredKind(targetRef),
    target,
    autoscalerKind: autoscalerKind(autoscalerRef),
    autoscaler: text(at(autoscalerRef, 'name')),
    services: [apex, `${apex}-primary`, `${apex}-canary`],
    port,
    portName: text(portName) ?? 'http',
    targetPort: targetPort ?? port,
  };
}

/** Flagger goes by the kind alone. */
function autoscalerKind(reference: unknown): string {
  return at(reference, 'kind') === 'ScaledObject' ? 'keda.sh/ScaledObject' : AUTOSCALER;
}

/** Group and kind that a reference with `apiVersion` and `kind` names. */
export function referredKind(reference: unknown): string {
  const { apiVersion, kind } = fields(reference);
  return groupKind({ apiVersion: text(apiVersion) ?? '', kind: text(kind) ?? '' });
}

/** The identities of what Flagger makes for a Canary whose target is among these workloads. */
export function identitiesMadeFor(canary: Canary, targets: readonly Workload[]): string[] {
  const { namespace, target, targetKind, autoscalerKind, autoscaler, services } = canary;
  // Where the target is a Service, it stands for all requests itself, and nothing else is copied.
  const isService = targetKind === 'Service';
  const made = services.slice(isService ? 1 : 0).map((service) => key('Service', namespace, service));
  made.push(key('gateway.networking.k8s.io/HTTPRoute', namespace, services[0]));
  if (isService) return made;
  made.push(key(targetKind, namespace, `${target}-primary`));
  if (autoscaler !== undefined) made.push(key(autoscalerKind, namespace, `${autoscaler}-primary`));
  for (const { kind, name } of targets.flatMap(trackedConfig))
    made.push(key(kind, namespace, `${name}-primary`));
  return made;
}

/** The ConfigMaps and Secrets that a workload's pods read, of which Flagger gives the primary copies of its own. */
function trackedConfig({ spec, containers }: Workload): { kind: string; name: string }[] {
  const tracked: { kind: string; name: string }[] = [];
  const track = (kind: string, name: unknown) => {
    if (typeof name === 'string') tracked.push({ kind, name });
  };
  for (const { fields: container } of containers) {
    for (const entry of items(container.env)) {
      const { configMapKeyRef, secretKeyRef } = fields(at(entry, 'valueFrom'));
      track('ConfigMap', at(configMapKeyRef, 'name'));
      track('Secret', at(secretKeyRef, 'name'));
    }
    for (const entry of items(container.envFrom)) {
      track('ConfigMap', at(entry, 'configMapRef', 'name'));
      track('Secret', at(entry, 'secretRef', 'name'));
    }
  }
  for (const volume of items(spec.volumes)) {
    for (const source of [volume, ...items(at(volume, 'projected', 'sources'))]) {
      track('ConfigMap', at(source, 'configMap', 'name'));
      track('Secret', at(source, 'secret', 'secretName') ?? at(source, 'secret', 'name'));
    }
  }
  return tracked;
}

/** The labels of the primary's pods. */
export function primaryLabels(labels: Labels): Labels {
  return { ...labels, [SELECTOR_LABEL]: `${labels[SELECTOR_LABEL]}-primary` };
}
