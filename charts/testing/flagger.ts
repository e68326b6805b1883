// What runs on a cluster to which objects were applied, as far as Flagger has a hand in it: a model of what its controller
// does, for tests. @see https://github.com/fluxcd/flagger/blob/main/pkg/canary/deployment_controller.go

import type { Resource } from '../custom-resource.ts';
import type { LabelSelector, Labels } from './selector.ts';

/**
 * `install`: the objects are there and Flagger has made nothing yet. `before` and `after` a release the target stands at
 * zero, and the primary serves; `during` one both run.
 */
export const PHASES = ['install', 'before', 'during', 'after'] as const;
export type Phase = (typeof PHASES)[number];

/** Pods of one Deployment. */
export interface Pods {
  namespace: string;
  /** The Deployment. */
  name: string;
  labels: Labels;
  serviceAccount: string;
  /** Container ports by their names. */
  ports: Readonly<Record<string, number>>;
  /** Selectors of the spread constraints. */
  spreadOver: readonly LabelSelector[];
  /** Whether users' requests go to them. */
  serves: boolean;
}

/** A Service and the pods it selects. */
export interface Service {
  name: string;
  namespace: string;
  selector: Labels;
}

export interface State {
  pods: readonly Pods[];
  services: readonly Service[];
}

/** Flagger's `-selector-labels`: it renames the first of them that a target is selected by. */
const SELECTOR_LABELS = ['app.kubernetes.io/name'];

/** What runs in a phase. */
export function stateIn(phase: Phase, objects: readonly Resource[]): State {
  const targets = new Set(ofKind<Canary>(objects, 'Canary').map(({ spec }) => spec.targetRef.name));
  const own = ofKind<ServiceObject>(objects, 'Service').map(({ metadata, spec }) => ({
    name: metadata.name,
    namespace: metadata.namespace,
    selector: spec.selector,
  }));
  const state: { pods: Pods[]; services: Service[] } = { pods: [], services: own };
  for (const deployment of ofKind<Deployment>(objects, 'Deployment')) {
    const { name, namespace } = deployment.metadata;
    if (!targets.has(name)) {
      state.pods.push(podsOf(deployment, true));
      continue;
    }
    if (phase === 'install') {
      state.pods.push(podsOf(deployment, false));
      continue;
    }
    const primary = primaryOf(deployment);
    state.pods.push(podsOf(primary, true));
    if (phase === 'during') state.pods.push(podsOf(deployment, true));
    const byDeployment = { '': primary, '-primary': primary, '-canary': deployment };
    state.services = [
      ...state.services.filter((service) => service.name !== name),
      ...Object.entries(byDeployment).map(([suffix, { spec }]) => ({
        name: `${name}${suffix}`,
        namespace,
        selector: spec.selector.matchLabels,
      })),
    ];
  }
  return state;
}

/** The Deployment that Flagger makes of a target: one label renamed, and the same label in what spreads the pods. */
function primaryOf(target: Deployment): Deployment {
  const { metadata, spec } = structuredClone(target);
  const label = SELECTOR_LABELS.find((key) => key in spec.selector.matchLabels);
  if (label === undefined) throw new Error(`${metadata.name} is selected by none of ${SELECTOR_LABELS}`);
  const renamed = `${spec.selector.matchLabels[label]}-primary`;
  for (const { labelSelector } of spec.template.spec.topologySpreadConstraints) {
    const { matchLabels } = labelSelector;
    for (const key of SELECTOR_LABELS) {
      if (matchLabels[key] === metadata.name) matchLabels[key] = `${metadata.name}-primary`;
    }
  }
  return {
    kind: 'Deployment',
    metadata: { ...metadata, name: `${metadata.name}-primary` },
    spec: {
      // Whatever else the target is selected by is lost.
      selector: { matchLabels: { [label]: renamed } },
      template: {
        metadata: { labels: { ...spec.template.metadata.labels, [label]: renamed } },
        spec: spec.template.spec,
      },
    },
  };
}

function podsOf({ metadata, spec }: Deployment, serves: boolean): Pods {
  const { serviceAccountName, containers, topologySpreadConstraints } = spec.template.spec;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: spec.template.metadata.labels,
    serviceAccount: serviceAccountName,
    ports: Object.fromEntries(
      containers.flatMap(({ ports }) => ports.map(({ name, containerPort }) => [name, containerPort])),
    ),
    spreadOver: topologySpreadConstraints.map(({ labelSelector }) => labelSelector),
    serves,
  };
}

/** The objects of a kind, in a shape that the caller knows. */
export function ofKind<T extends { kind: string }>(objects: readonly Resource[], kind: T['kind']): T[] {
  return objects.filter((object) => object.kind === kind) as unknown as T[];
}

interface Named {
  metadata: { name: string; namespace: string };
}

interface Canary extends Named {
  kind: 'Canary';
  spec: { targetRef: { name: string } };
}

interface ServiceObject extends Named {
  kind: 'Service';
  spec: { selector: Labels };
}

interface Deployment extends Named {
  kind: 'Deployment';
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        serviceAccountName: string;
        containers: { ports: { name: string; containerPort: number }[] }[];
        topologySpreadConstraints: { labelSelector: { matchLabels: Record<string, string> } }[];
      };
    };
  };
}
