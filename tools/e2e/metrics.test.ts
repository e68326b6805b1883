// Whether what is asked of Prometheus can be answered: every template, rule and panel in `dist/` against the one table of what
// is scraped.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import pg from 'pg';
import type { Resource } from '../../charts/custom-resource.ts';
import type { IMetricTemplate } from '../../charts/flagger-types.ts';
import { mayConnect } from '../../charts/testing/network.ts';
import { evaluate, isSelected } from '../../charts/testing/promql/evaluate.ts';
import { type Aggregation, parsePromql, parts, type Selector } from '../../charts/testing/promql/parse.ts';
import { type Rule, RuleEngine } from '../../charts/testing/promql/rules.ts';
import { LATENCY_EDGES as EDGES_OF_OBJECTIVES } from '../../charts/web-service/error-budget.ts';
import { LATENCY_EDGES } from '../../config/checks/values.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { ROOT } from '../lib/repo.ts';
import { compile } from '../lib/synth/compile.ts';
import { prepareDatabase, type Service, startService } from '../local/service.ts';
import { CONDUIT, exporters, serviceExporters } from '../testing/metrics.ts';
import { PLATFORM_EXPORTERS } from '../testing/platform-exporters.ts';
import { scraped } from '../testing/scrapes.ts';

/** The one that writes images into the repo, so that it has every alert that there is. */
const CLUSTER = sampleConfig().platform.imageAutomation.cluster;

/** How long things go on before anything is asked. */
const SECONDS = 1800;
const SCRAPE_SECONDS = 30;

/** What stands in for Flagger's braces while it judges conduit. */
const BRACES: Readonly<Record<string, string>> = {
  namespace: 'conduit',
  target: 'conduit',
  interval: '60s',
  'variables.port': '8080',
};

interface Panel {
  title: string;
  type: string;
  targets?: { expr: string; legendFormat: string }[];
}

let objects: Resource[];
let engine: RuleEngine;
beforeAll(async () => {
  const { manifests } = await compile(sampleConfig());
  objects = manifests.filter(({ cluster }) => cluster === CLUSTER).map(({ object }) => object);
  engine = prometheus();
});

/** A Prometheus that has read everything for a while, and has evaluated all rules. */
function prometheus(): RuleEngine {
  const { targets, given } = exporters(objects);
  const metrics = [...given, ...scraped(objects, targets)];
  const made = new RuleEngine(rules());
  for (let time = 0; time <= SECONDS; time += SCRAPE_SECONDS) {
    for (const { name, labels, type, value = 1 } of metrics) {
      made.add(name, labels, time, type === 'counter' ? value * time : value);
    }
    if (time % 60 === 0) made.evaluate(time);
  }
  return made;
}

function rules(): Rule[] {
  const all = objects.filter(({ kind }) => kind === 'PrometheusRule') as IPrometheusRule[];
  return all.flatMap(({ spec }) => (spec.groups ?? []).flatMap((group) => (group.rules ?? []) as Rule[]));
}

function queries(): { of: string; expr: string }[] {
  const templates = objects.filter(({ kind }) => kind === 'MetricTemplate') as IMetricTemplate[];
  return templates.map(({ metadata, spec }) => ({
    of: metadata?.name ?? '',
    expr: spec.query.replaceAll(/\{\{ ([\w.]+) \}\}/g, (_, name) => BRACES[name] ?? ''),
  }));
}

function panels(): Panel[] {
  return objects.flatMap((object) => {
    const { data = {} } = object as { data?: Record<string, string> };
    if (object.metadata?.labels?.grafana_dashboard !== '1') return [];
    return Object.values(data).flatMap((text) => JSON.parse(text).panels as Panel[]);
  });
}

/** What an expression asks for that no series is, or by a label that none has. */
function unanswered(expr: string): string[] {
  return parts(parsePromql(expr)).flatMap((part) =>
    part.kind === 'selector' ? unselected(part) : part.kind === 'aggregation' ? ungrouped(part) : [],
  );
}

function unselected(selector: Selector): string[] {
  const named = engine.series.filter(({ labels }) => labels.__name__ === selector.metric);
  if (named.length === 0) return [`${selector.metric} is told by nobody`];
  if (named.some(({ labels }) => isSelected(selector, labels))) return [];
  const alone = selector.matchers.filter(
    (matcher) => !named.some(({ labels }) => isSelected({ ...selector, matchers: [matcher] }, labels)),
  );
  return [`${selector.metric} has no ${JSON.stringify(alone.length > 0 ? alone : selector.matchers)}`];
}

function ungrouped({ of, labels }: Aggregation): string[] {
  const asked = parts(of).filter((part) => part.kind === 'selector');
  return labels.filter(
    (label) =>
      !engine.series.some(
        (series) => label in series.labels && asked.some(({ metric }) => metric === series.labels.__name__),
      ),
  );
}

describe('what is asked for is there', () => {
  test('by the templates that releases are judged by: they give one number each', () => {
    expect(queries().length).toBeGreaterThan(0);
    for (const { of, expr } of queries()) {
      expect({ of, points: evaluate(parsePromql(expr), engine.series, SECONDS).length }).toEqual({
        of,
        points: 1,
      });
    }
  });

  test('by every rule: each part of it finds series', () => {
    expect(rules().length).toBeGreaterThan(0);
    const found = rules().map(({ alert, record, expr }) => [alert ?? record, unanswered(String(expr))]);
    expect(found.filter(([, without]) => without?.length)).toEqual([]);
  });

  test('by every panel: each of its lines is drawn, under its name', () => {
    const all = panels().filter(({ type }) => type !== 'row');
    expect(all.length).toBeGreaterThan(0);
    const empty = all.flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ expr, legendFormat }) => {
        // What Grafana puts there for a view of some hours.
        const asked = expr.replaceAll('$__rate_interval', '5m');
        const points = evaluate(parsePromql(asked), engine.series, SECONDS);
        const names = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
        const unnamed = points.filter(({ labels }) => !names.every((name) => name in labels));
        return points.length > 0 && unnamed.length === 0 ? [] : [{ title, expr, points }];
      }),
    );
    expect(empty).toEqual([]);
  });
});

test.each(
  Object.entries(PLATFORM_EXPORTERS).flatMap(([name, { pod }]) => (pod ? [[name, pod] as const] : [])),
)('Prometheus is let through to %s', (_, { namespace, labels, number }) => {
  const prometheus = { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } };
  expect(mayConnect(objects, prometheus, { namespace, labels }, number)).toBe(true);
  expect(mayConnect(objects, { namespace: 'default', labels: {} }, { namespace, labels }, number)).toBe(
    // Flux has policies of its own, which are no part of dist/.
    namespace === 'flux-system',
  );
});

test('every namespace of the platform is watched for what runs in it', () => {
  const watching = rules().filter(
    ({ alert }) => alert === 'EssentialPartDown' || alert === 'PlatformPartDown',
  );
  const watched = watching.flatMap(
    ({ expr }) => /namespace=~"([^"]+)"/.exec(String(expr))?.[1]?.split('|') ?? [],
  );
  const installed = objects
    .filter(({ kind }) => kind === 'HelmRelease')
    .map(({ metadata }) => metadata?.namespace ?? '');
  // What they run is on each node, and of that kube-prometheus-stack's own rules tell.
  const onEachNode = ['linkerd-cni', 'logging'];
  expect(installed.length).toBeGreaterThan(0);
  expect(installed.filter((name) => ![...watched, ...onEachNode].includes(name))).toEqual([]);
});

test('each metric has one source', () => {
  const { targets, given } = serviceExporters(objects);
  const ofServices = [
    ...targets.flatMap(({ ports }) => Object.values(ports).flatMap((port) => port.metrics)),
    ...given,
  ];
  const { 'kube-state-metrics': objectsOfPlatform, ...others } = PLATFORM_EXPORTERS;
  // It tells of both.
  const first = [...ofServices, ...(objectsOfPlatform?.metrics ?? [])];
  const sources = [first, ...Object.values(others).map(({ metrics }) => metrics)];
  const names = sources.flatMap((metrics) => [...new Set(metrics.map(({ name }) => name))]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('each says where it is said that it is told', () => {
  for (const { source } of Object.values(PLATFORM_EXPORTERS)) expect(source).toMatch(/^https:\/\//);
});

test('nothing is in the table that nobody asks for', () => {
  const asked = [...queries(), ...rules(), ...panels().flatMap(({ targets = [] }) => targets)].flatMap(
    ({ expr }) =>
      parts(parsePromql(String(expr).replaceAll('$__rate_interval', '5m'))).flatMap((part) =>
        part.kind === 'selector' ? [part.metric] : [],
      ),
  );
  const { targets, given } = exporters(objects);
  const told = [
    ...given,
    ...targets.flatMap(({ ports }) => Object.values(ports).flatMap(({ metrics }) => metrics)),
  ];
  expect(told.map(({ name }) => name).filter((name) => !asked.includes(name))).toEqual([]);
});

describe('the running service tells what the table says of it', () => {
  const name = `metrics_${process.pid}`;
  const server = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  let folder: string;
  let service: Service;
  let text: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'metrics-'));
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    const databaseUrl = new URL(process.env.TEST_DATABASE_URL as string);
    databaseUrl.pathname = name;
    const props = {
      root: ROOT,
      databaseUrl: databaseUrl.href,
      sessionKey: 'a key that is good enough for a test',
      port: 0,
      logFile: join(folder, 'service.log'),
      signal: new AbortController().signal,
    };
    await prepareDatabase(props);
    service = await startService(props);
    const answer = await fetch(`${service.managementUrl}/metrics`);
    text = await answer.text();
  });
  afterAll(async () => {
    await service?.stop();
    await server.query(`DROP DATABASE IF EXISTS ${name}`);
    await server.end();
    await rm(folder, { recursive: true });
  });

  test.each(CONDUIT.map((metric) => [metric.name, metric] as const))('%s', (name, { labels, type }) => {
    expect(text).toContain(`# TYPE ${name} ${type}\n`);
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    const found = lines.filter((line) =>
      Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
    );
    expect(found).not.toEqual([]);
    // Whatever else tells its lines apart would be added up unseen.
    for (const line of lines) {
      const own = [...line.matchAll(/(\w+)="/g)].map(([, label]) => label);
      expect(own).toEqual(Object.keys(labels));
    }
  });
});

test('an objective may have the same limits as a release', () => {
  expect(EDGES_OF_OBJECTIVES).toEqual(LATENCY_EDGES);
});

describe('this test', () => {
  test.each([
    ['a metric that nobody tells', 'respose_total{namespace="conduit"}'],
    ['a label that it does not have', 'response_total{workload="conduit"}'],
    ['a value that no label has', 'response_total{deployment="conduit-canary"}'],
    ['the namespace of Flagger’s own', 'flagger_canary_status{exported_namespace="conduit"}'],
    ['a label to group by that it does not have', 'sum by (workload) (response_total)'],
    ['an edge as the proxies write it', 'response_latency_ms_bucket{le="500"}'],
  ])('finds %s', (_, expr) => {
    expect(unanswered(expr)).toHaveLength(1);
  });
});
