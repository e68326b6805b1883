// What Prometheus reads of a web service and of its surroundings, minute by minute, under the labels of real scrapes. For
// tests of its rules.

import type { Rule } from './promql/rules.ts';
import { type Firing, RuleEngine } from './promql/rules.ts';

/** What goes on in a minute. */
export interface Minute {
  /** What arrives at each Deployment's port for users. @default nothing */
  requests?: readonly Requests[];
  /** Flagger's numbers; 0 judged, 1 well, 2 failed. @default Flagger says nothing */
  canary?: { status: number; weight: number };
  /** Ready pods of each Deployment. @default none is told of */
  pods?: Readonly<Record<string, number>>;
  /** The Deployments whose proxies Prometheus reads. @default those that have pods */
  read?: readonly string[];
}

/** Requests that come evenly, from one caller. */
export interface Requests {
  deployment: string;
  perSecond: number;
  /** The share that the mesh counts as failed. @default 0 */
  failing?: number;
  /** The share that takes over 500 ms. @default 0 */
  late?: number;
  /** @default the controller of Ingresses */
  caller?: string;
}

const NAMESPACE = 'shop';
const SERVICE = 'shop';

/** Seconds between two scrapes: the mesh's are more often, to the same end. */
const SCRAPE_SECONDS = 30;

/** An alert, from the minute in which it began to fire to the one in which it no longer does. */
export interface Told {
  alert: string;
  from: number;
  /** `undefined` where it still does at the end. */
  to: number | undefined;
}

/**
 * What a PrometheusRule tells while time goes by.
 *
 * @param rules of its one group
 * @param minutes how long
 * @param world what goes on in each minute, from 0
 */
export function told(rules: readonly Rule[], minutes: number, world: (minute: number) => Minute): Told[] {
  const all: Told[] = [];
  const open = new Map<string, Told>();
  run(rules, minutes, world, (minute, firing) => {
    const names = new Set(firing.map(({ alert }) => alert));
    for (const alert of names) {
      if (open.has(alert)) continue;
      const began: Told = { alert, from: minute, to: undefined };
      open.set(alert, began);
      all.push(began);
    }
    for (const [alert, began] of open) {
      if (names.has(alert)) continue;
      began.to = minute;
      open.delete(alert);
    }
  });
  return all;
}

/**
 * Lets time go by.
 *
 * @param each told after each evaluation, once a minute
 * @returns the engine, with all series in it
 */
export function run(
  rules: readonly Rule[],
  minutes: number,
  world: (minute: number) => Minute,
  each: (minute: number, firing: readonly Firing[]) => void = () => {},
): RuleEngine {
  const engine = new RuleEngine(rules);
  const counters = new Map<string, number>();
  let alive = new Map<string, [name: string, labels: Record<string, string>]>();
  for (let minute = 0; minute < minutes; minute++) {
    for (let second = 0; second < 60; second += SCRAPE_SECONDS) {
      const time = 60 * minute + second;
      const now = new Map<string, [string, Record<string, string>]>();
      for (const { name, labels, value, counts } of scrape(world(minute))) {
        const id = `${name} ${JSON.stringify(labels)}`;
        const total = (counts ? (counters.get(id) ?? 0) : 0) + value;
        if (counts) counters.set(id, total);
        engine.add(name, labels, time, total);
        now.set(id, [name, labels]);
      }
      for (const [id, [name, labels]] of alive) {
        if (now.has(id)) continue;
        engine.add(name, labels, time, undefined);
        counters.delete(id);
      }
      alive = now;
      if (second > 0) continue;
      engine.evaluate(time);
      each(minute, engine.firing);
    }
  }
  return engine;
}

interface Scraped {
  name: string;
  labels: Record<string, string>;
  /** A gauge's value, or what a counter rises by. */
  value: number;
  counts?: boolean;
}

function scrape({ requests = [], canary, pods = {}, read }: Minute): Scraped[] {
  const all = requests.flatMap(proxy);
  for (const [deployment, count] of Object.entries(pods)) {
    const labels = { namespace: NAMESPACE, deployment, job: 'kube-state-metrics' };
    all.push({ name: 'kube_deployment_status_replicas_available', labels, value: count });
  }
  for (const deployment of read ?? Object.keys(pods).filter((name) => (pods[name] ?? 0) > 0)) {
    all.push({ name: 'up', labels: { ...proxyLabels(deployment), job: 'linkerd-proxy' }, value: 1 });
  }
  if (canary) {
    const namespace = NAMESPACE;
    all.push({
      name: 'flagger_canary_status',
      labels: { namespace, name: SERVICE, pod: 'flagger-1' },
      value: canary.status,
    });
    for (const [workload, value] of [
      [SERVICE, canary.weight],
      [`${SERVICE}-primary`, 100 - canary.weight],
    ] as const) {
      all.push({ name: 'flagger_canary_weight', labels: { namespace, workload, pod: 'flagger-1' }, value });
    }
  }
  return all;
}

function proxyLabels(deployment: string): Record<string, string> {
  return { namespace: NAMESPACE, deployment, pod: `${deployment}-6f9-abcde` };
}

/** The numbers of one pod's proxy. A series of failures is there once one has failed. */
function proxy({ deployment, perSecond, failing = 0, late = 0, caller = 'ingress' }: Requests): Scraped[] {
  const came = perSecond * SCRAPE_SECONDS;
  const labels = {
    ...proxyLabels(deployment),
    direction: 'inbound',
    target_port: '8080',
    client_id: `${caller}.serviceaccount.identity.linkerd.cluster.local`,
  };
  const counter = (name: string, more: Record<string, string>, value: number): Scraped => ({
    name,
    labels: { ...labels, ...more },
    value,
    counts: true,
  });
  return [
    counter('response_total', { status_code: '200', classification: 'success' }, came * (1 - failing)),
    ...(failing > 0
      ? [counter('response_total', { status_code: '500', classification: 'failure' }, came * failing)]
      : []),
    counter('response_latency_ms_bucket', { status_code: '200', le: '400.0' }, came * (1 - late)),
    counter('response_latency_ms_bucket', { status_code: '200', le: '500.0' }, came * (1 - late)),
    counter('response_latency_ms_bucket', { status_code: '200', le: '+Inf' }, came),
    counter('response_latency_ms_count', { status_code: '200' }, came),
  ];
}
