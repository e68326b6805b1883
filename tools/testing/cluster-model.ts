// A small model of what happens to an app's objects between a commit and rest: Flux, Flagger, the garbage collector and
// the pods, each taking one step at a time in any order. It says whether users are served in every state on the way.
//
// What it takes for granted:
// - Flux applies all of a folder, then deletes what is no longer in it, and waits for nothing between. An object marked
//   `IfNotPresent` it leaves alone once it is there; of others it sets what the manifest says and nothing else, so that
//   replicas, owners and finalizers stay.
// - Flagger makes the primary from its target, waits for its pods, points the Service at them and only then takes the
//   target to zero. What it makes belongs to the Canary; a Service that was there does not. At each tick it puts the
//   Service and the route as they should be. A Canary that is to go and has its finalizer first scales the target up,
//   waits for its pods and gives it the Service, unless that belongs to the Canary; without a target it never goes.
//   The last of these and the Canary's end are one step here, as they are two calls apart there.
// - The garbage collector takes all that belonged to a Canary in one step: the route no later than what it leads to.
// - The controller of Ingresses refuses one for a host and path that another has. Flux asks before it applies a folder, and
//   then applies nothing of it.
// - Requests come through the mesh, so a route decides where there is one; and pods that must go serve what is still
//   sent to them until all have heard that they are none any more.
//
// @see https://github.com/fluxcd/flagger/blob/main/pkg/controller/finalizer.go
// @see https://github.com/fluxcd/flagger/blob/main/pkg/router/kubernetes_default.go
// @see https://github.com/fluxcd/kustomize-controller/blob/main/internal/controller/kustomization_controller.go

import type { Resource } from '../../charts/custom-resource.ts';
import { canonical, type JsonObject, stringAt } from '../lib/diff/fields/json.ts';
import { routesOf } from '../lib/release-steps/routes.ts';

/** What git holds for the cluster's apps. */
export type Commit = readonly Resource[];

/** How a commit arrived. */
export interface Arrival {
  /** What users found on the way, and what the cluster was left with; nothing when all went well. */
  trouble: string[];
  /** Where it came to rest. */
  end: State;
}

/** The cluster at one moment: plain data, so that equal states have one text. */
export interface State {
  /** Every object by kind, namespace and name. */
  objects: Record<string, Live>;
  /** The objects that Flux applied. */
  inventory: string[];
  /** What Flux has still to do, in order. */
  todo: Task[];
}

interface Live {
  /** For a Service: the value of the label that it selects pods by. */
  selects?: string;
  /** For a Deployment: the value of the label that its pods are selected by, how many are wanted, how many are ready. */
  pods?: string;
  replicas?: number;
  ready?: number;
  /** For an Ingress: each host and path, and the Service that it leads to. */
  routes?: { at: string; service: string }[];
  /** For a route of Flagger's: the Service that gets all requests between releases. */
  leadsTo?: string;
  /** For a Canary. */
  target?: string;
  reverts?: boolean;
  initialized?: boolean;
  owner?: string;
  finalizer?: boolean;
  deleting?: boolean;
}

type Task = { apply: string; live: Live; once: boolean } | { remove: string };

const EMPTY: State = { objects: {}, inventory: [], todo: [] };

/**
 * The kinds that matter here, in the order in which Flux applies them; it deletes in the opposite one.
 *
 * @see https://github.com/fluxcd/pkg/blob/main/ssa/sort.go
 */
const ORDER = ['Namespace', 'Service', 'Deployment', 'Canary', 'Ingress'];

/** A cluster with nothing in it. */
export function emptyCluster(): State {
  return EMPTY;
}

/**
 * Lets a commit arrive: takes steps in every order, or in some, until nothing moves any more.
 *
 * @param from the cluster at rest
 * @param host the host whose users must be served throughout; nothing where nobody is there yet, or not to the end
 * @param orders in how many orders, the same ones each time; of several services at once there are too many to try all
 */
export function arrive(from: State, commit: Commit, host: string | undefined, orders?: number): Arrival {
  const todo = tasks(from, commit);
  const refused = overlaps(from, todo);
  const first = { ...structuredClone(from), todo: refused.length > 0 ? [] : todo };
  const trouble = new Set(refused);
  const ends = new Map<string, State>();
  for (const { state, isEnd } of orders === undefined ? everyState(first) : statesOfWalks(first, orders)) {
    if (host !== undefined && !serves(state, host)) trouble.add(`${host} is not served`);
    if (isEnd) ends.set(canonical(state), state);
  }
  const [end] = ends.values();
  if (end === undefined) throw new Error('the cluster never comes to rest');
  if (ends.size > 1) trouble.add('it depends on chance where the cluster comes to rest');
  for (const { objects } of ends.values()) {
    for (const [key, { deleting }] of Object.entries(objects))
      if (deleting) trouble.add(`${key} hangs in deletion`);
  }
  return { trouble: [...trouble].sort(), end };
}

/** A state on the way, and whether nothing moves in it any more. */
interface Visit {
  state: State;
  isEnd: boolean;
}

/** Each state that some order of steps leads to, once. */
function* everyState(first: State): Generator<Visit> {
  const seen = new Set([canonical(first)]);
  const next = [first];
  for (let state = next.pop(); state !== undefined; state = next.pop()) {
    const following = steps(state).flatMap((step) => taken(state, step) ?? []);
    yield { state, isEnd: following.length === 0 };
    for (const one of following) {
      const text = canonical(one);
      if (seen.has(text)) continue;
      seen.add(text);
      next.push(one);
    }
  }
}

/** The states on so many ways to rest, each in an order of its own. */
function* statesOfWalks(first: State, orders: number): Generator<Visit> {
  for (let order = 1; order <= orders; order += 1) {
    let random = order;
    // @see https://en.wikipedia.org/wiki/Lehmer_random_number_generator
    const draw = (below: number) => {
      random = (random * 48_271) % 2_147_483_647;
      return random % below;
    };
    for (let state: State | undefined = first; state !== undefined; ) {
      const left = steps(state);
      let following: State | undefined;
      while (following === undefined && left.length > 0) {
        const [step] = left.splice(draw(left.length), 1);
        following = step && taken(state, step);
      }
      yield { state, isEnd: following === undefined };
      state = following;
    }
  }
}

/** Whether requests for each path of a host find a pod that is ready. */
function serves({ objects }: State, host: string): boolean {
  const ingresses = Object.values(objects).filter(({ routes }) =>
    routes?.some(({ at }) => at.startsWith(`${host}/`)),
  );
  const services = ingresses.flatMap(({ routes = [] }) => routes.map(({ service }) => service));
  return services.length > 0 && services.every((service) => answers(objects, service));
}

function answers(objects: State['objects'], service: string): boolean {
  if (objects[service] === undefined) return false;
  const route = objects[service.replace('Service ', 'HTTPRoute ')];
  return hasPods(objects, route?.leadsTo ?? service);
}

function hasPods(objects: State['objects'], service: string): boolean {
  const selects = objects[service]?.selects;
  return Object.values(objects).some(
    ({ pods, ready = 0 }) => pods !== undefined && pods === selects && ready > 0,
  );
}

/** What Flux has to do for a commit. */
function tasks({ inventory }: State, commit: Commit): Task[] {
  const modelled = commit.filter(({ kind }) => ORDER.includes(kind));
  modelled.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const todo: Task[] = modelled.map((object) => ({
    apply: keyOf(object),
    live: liveOf(object),
    once: object.metadata?.annotations?.['kustomize.toolkit.fluxcd.io/ssa'] === 'IfNotPresent',
  }));
  const kept = new Set(modelled.map(keyOf));
  const kindOf = (key: string) => ORDER.indexOf(key.slice(0, key.indexOf(' ')));
  const stale = inventory.filter((key) => !kept.has(key)).sort((a, b) => kindOf(b) - kindOf(a));
  return [...todo, ...stale.map((key) => ({ remove: key }))];
}

/** What the controller of Ingresses refuses when Flux asks, before it applies anything, whether it may. */
function overlaps({ objects }: State, todo: readonly Task[]): string[] {
  return todo.flatMap((task) => {
    if (!('apply' in task)) return [];
    return Object.entries(objects).flatMap(([key, { routes = [] }]) =>
      key !== task.apply && routes.some(({ at }) => task.live.routes?.some((own) => own.at === at))
        ? [`${task.apply} is refused while ${key} is there`]
        : [],
    );
  });
}

/** What somebody does next: changes a state, or finds nothing to do. */
type Step = (state: State) => void;

/** Who may take the next step. */
function steps({ todo, objects }: State): Step[] {
  return [
    ...(todo.length > 0 ? [fluxStep] : []),
    ...Object.entries(objects).flatMap(([key, { pods, target, deleting }]): Step[] => {
      if (key.startsWith('Namespace ') && deleting) return [(state) => remove(state, key)];
      if (pods !== undefined) return [(state) => podsStart(state.objects[key] as Live)];
      if (target === undefined) return [];
      return [(state) => flaggerTick(state, key), (state) => flaggerSync(state, key)];
    }),
  ];
}

/** The state after a step, unless it changed nothing. */
function taken(state: State, step: Step): State | undefined {
  const before = JSON.stringify(state);
  const next: State = JSON.parse(before);
  step(next);
  return JSON.stringify(next) === before ? undefined : next;
}

function fluxStep(state: State): void {
  const task = state.todo.shift();
  if (task === undefined) return;
  if ('remove' in task) {
    state.inventory = state.inventory.filter((key) => key !== task.remove);
    remove(state, task.remove);
    return;
  }
  const { apply: key, live, once } = task;
  state.inventory = [...new Set([...state.inventory, key])].sort();
  const there = state.objects[key];
  if (there === undefined)
    state.objects[key] = live.pods === undefined ? live : { ...live, replicas: 1, ready: 0 };
  else if (!once) Object.assign(there, live);
}

function podsStart(deployment: Live): void {
  deployment.ready = deployment.replicas ?? 0;
}

function scale(deployment: Live, replicas: number): void {
  deployment.replicas = replicas;
  deployment.ready = Math.min(deployment.ready ?? 0, replicas);
}

/** One run of a Canary's job, which goes on while the Canary is being deleted. */
function flaggerTick({ objects }: State, key: string): void {
  const canary = objects[key] as Live;
  const target = canary.target ?? '';
  const deployment = objects[target];
  if (deployment === undefined) return;
  const named = (kind: string, suffix = '') => `${target.replace('Deployment ', `${kind} `)}${suffix}`;
  const pods = deployment.pods ?? '';
  const own = (name: string, live: Live) => {
    objects[name] ??= { ...live, owner: key };
  };
  own(named('Service', '-canary'), { selects: pods });
  own(named('Service', '-primary'), { selects: `${pods}-primary` });
  const replicas = Math.max(1, deployment.replicas ?? 1);
  own(named('Deployment', '-primary'), { pods: `${pods}-primary`, replicas, ready: 0 });
  const primary = objects[named('Deployment', '-primary')];
  if (!canary.initialized && primary?.ready !== primary?.replicas) return;
  own(named('Service'), { selects: `${pods}-primary` });
  Object.assign(objects[named('Service')] as Live, { selects: `${pods}-primary` });
  if (!canary.initialized) scale(deployment, 0);
  own(named('HTTPRoute'), { leadsTo: named('Service', '-primary') });
  canary.initialized = true;
}

/** What Flagger does when a Canary was changed, or is to go. */
function flaggerSync(state: State, key: string): void {
  const { objects } = state;
  const canary = objects[key] as Live;
  if (!canary.deleting) {
    if (canary.reverts) canary.finalizer = true;
    else delete canary.finalizer;
    return;
  }
  const target = canary.target ?? '';
  const deployment = objects[target];
  if (deployment === undefined) return;
  const primary = objects[`${target}-primary`];
  if (deployment.replicas === 0) scale(deployment, primary?.replicas ?? 1);
  if (deployment.ready !== deployment.replicas) return;
  const service = objects[target.replace('Deployment ', 'Service ')];
  if (service !== undefined && service.owner === undefined) service.selects = deployment.pods ?? '';
  delete canary.finalizer;
  remove(state, key);
}

/** Deletes an object, now or once its finalizer is gone, and what is in it or belongs to it. */
function remove(state: State, key: string): void {
  const { objects } = state;
  const live = objects[key];
  if (live === undefined) return;
  if (live.finalizer) {
    live.deleting = true;
    return;
  }
  if (key.startsWith('Namespace ')) {
    const inside = `${key.replace('Namespace ', '')}/`;
    const own = Object.keys(objects).filter((other) => other.split(' ')[1]?.startsWith(inside));
    for (const other of own) remove(state, other);
    if (own.some((other) => objects[other] !== undefined)) {
      live.deleting = true;
      return;
    }
  }
  delete objects[key];
  for (const [other, { owner }] of Object.entries(objects)) if (owner === key) delete objects[other];
}

function keyOf({ kind, metadata }: Resource): string {
  return `${kind} ${[metadata?.namespace, metadata?.name].filter(Boolean).join('/')}`;
}

/** What of a manifest matters here. */
function liveOf(object: Resource): Live {
  const { kind, metadata, spec } = object as unknown as {
    kind: string;
    metadata: JsonObject;
    spec: JsonObject;
  };
  const LABEL = 'app.kubernetes.io/name';
  if (kind === 'Service') return { selects: stringAt(spec, 'selector', LABEL) ?? '' };
  if (kind === 'Deployment') return { pods: stringAt(spec, 'template', 'metadata', 'labels', LABEL) ?? '' };
  if (kind === 'Canary') {
    const target = `Deployment ${stringAt(metadata, 'namespace')}/${stringAt(spec, 'targetRef', 'name')}`;
    return { target, reverts: spec.revertOnDeletion === true };
  }
  const routes = routesOf(object as unknown as JsonObject);
  if (routes.length === 0) return {};
  return { routes: routes.map(({ at, service }) => ({ at, service: `Service ${service}` })) };
}
