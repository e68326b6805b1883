import { LATENCY_EDGES } from '../../../../config/checks/values.ts';
import { at, fields, text } from '../../policy/read.ts';
import type { Metric } from '../odds/analysis.ts';
import { type Findings, refuse } from './findings.ts';
import { goSeconds } from './go-duration.ts';
import { type Query, queryByName, readQuery } from './metric-template.ts';

/** The text of each MetricTemplate's query, by `namespace/name`. */
export type Templates = ReadonlyMap<string, string>;

/** Where a Canary's metrics stand, and when it looks at them. */
export interface MetricContext {
  namespace: string;
  intervalSeconds: number;
  templates: Templates;
}

/** Fewer seconds hold no two scrapes of the mesh's proxies, which come every 10 s, and a rate needs two. */
const SHORTEST_WINDOW_SECONDS = 20;

/**
 * Reads one of a Canary's metrics.
 *
 * @returns `undefined` when it has no part in the odds; the findings say why
 */
export function readMetric(
  metric: unknown,
  index: number,
  context: MetricContext,
  findings: Findings,
): Metric | undefined {
  const path = `spec.analysis.metrics[${index}]`;
  const name = text(at(metric, 'name')) ?? `metric ${index}`;
  const windowSeconds = readWindow(metric, path, context, findings);
  if (windowSeconds === undefined) return undefined;
  const { gives, whose } = queryOf(metric, name, context, findings);
  const bounds = readBounds(metric, gives);
  const share = (percent: number) => Math.min(1, Math.max(0, percent / 100));
  if (gives === 'successPercent' && bounds.min !== undefined) {
    return { counts: 'failed', tolerated: share(100 - bounds.min), windowSeconds, whose };
  }
  if (gives === 'failedPercent' && bounds.max !== undefined) {
    return { counts: 'failed', tolerated: share(bounds.max), windowSeconds, whose };
  }
  if (typeof gives === 'object' && bounds.max !== undefined) {
    checkEdge(name, bounds.max, findings);
    const maxMilliseconds = bounds.max;
    return { counts: 'slow', tolerated: 1 - gives.quantile, maxMilliseconds, windowSeconds, whose };
  }
  findings.notes.push(
    `The metric ${JSON.stringify(name)} is of a kind that has no odds here: it is taken to hold always.`,
  );
  return undefined;
}

function readWindow(
  metric: unknown,
  path: string,
  { intervalSeconds }: MetricContext,
  findings: Findings,
): number | undefined {
  const interval = at(metric, 'interval');
  const hasTemplate = at(metric, 'templateRef') !== undefined;
  if (hasTemplate && (interval === undefined || interval === '')) {
    return refuse(
      findings,
      `${path}.interval`,
      undefined,
      'a time such as "1m": without, its query is an error, and every check fails',
    );
  }
  // Flagger's own metrics look back a minute.
  const seconds = interval === undefined || interval === '' ? 60 : goSeconds(interval);
  if (seconds === undefined)
    return refuse(findings, `${path}.interval`, interval, 'a time as Go writes it, such as "1m"');
  if (seconds > intervalSeconds) {
    return refuse(
      findings,
      `${path}.interval`,
      interval ?? '1m',
      `at most ${intervalSeconds}s, the interval of the analysis: a longer window mixes the weights of two steps, and one bad moment fails two checks`,
    );
  }
  if (seconds < SHORTEST_WINDOW_SECONDS) {
    findings.notes.push(
      `A window of ${seconds} s holds no two scrapes where they come every 10 s: then every check fails, whatever these odds say.`,
    );
  }
  return seconds;
}

function queryOf(
  metric: unknown,
  name: string,
  { namespace, templates }: MetricContext,
  findings: Findings,
): Query {
  const reference = at(metric, 'templateRef');
  if (reference === undefined) return queryByName(name);
  const template = text(at(reference, 'name')) ?? '';
  const query = templates.get(`${text(at(reference, 'namespace')) ?? namespace}/${template}`);
  if (query !== undefined) return readQuery(query);
  const byName = queryByName(name);
  const guess = byName.gives === 'unknown' ? queryByName(template) : byName;
  if (guess.gives !== 'unknown') {
    findings.notes.push(
      `The template ${JSON.stringify(template)} of the metric ${JSON.stringify(name)} was not given: it is taken for what its name says, over users' and the load tester's requests together.`,
    );
  }
  return guess;
}

/** A single threshold, the older way to write it, is the least success or the most time. */
function readBounds(metric: unknown, gives: Query['gives']): { min?: number; max?: number } {
  const range = fields(at(metric, 'thresholdRange'));
  const threshold = at(metric, 'threshold');
  if (Object.keys(range).length === 0 && typeof threshold === 'number') {
    return gives === 'successPercent' ? { min: threshold } : { max: threshold };
  }
  const bound = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const [min, max] = [bound(range.min), bound(range.max)];
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

function checkEdge(name: string, milliseconds: number, findings: Findings): void {
  if ((LATENCY_EDGES as readonly number[]).includes(milliseconds)) return;
  findings.notes.push(
    `The limit of ${JSON.stringify(name)}, ${milliseconds} ms, is on no edge of Linkerd's latency buckets: between two, Prometheus guesses, and these odds don't.`,
  );
}
