import type { Resource } from '../../../../charts/custom-resource.ts';
import { at, fields, items, text } from '../../policy/read.ts';
import type { Analysis, Metric } from '../odds/analysis.ts';
import { type Findings, refuse } from './findings.ts';
import { goSeconds } from './go-duration.ts';
import { readLoadTest } from './load-test.ts';
import { readMetric, type Templates } from './metric.ts';
import { readProgress, wholeNumber } from './progress.ts';

/** A Canary as it was read. */
export interface ReadCanary extends Findings {
  name: string;
  namespace: string;
  /** `undefined` when there are problems. */
  analysis: Analysis | undefined;
  /** Seconds in which the pods of a version must be ready. */
  readySeconds: number;
}

/** What Flagger takes where no interval can be read, and the least it takes. */
const DEFAULT_INTERVAL_SECONDS = 60;
const SHORTEST_INTERVAL_SECONDS = 10;

/** Within which Flagger wants pods to be ready where a Canary does not say. */
const DEFAULT_READY_SECONDS = 600;

/** Whether an object is one of Flagger's Canaries. */
export function isCanary({ apiVersion, kind }: Partial<Resource>): boolean {
  return kind === 'Canary' && apiVersion?.startsWith('flagger.app/') === true;
}

/** The queries of the MetricTemplates among objects. */
export function templatesOf(objects: Iterable<Resource>): Templates {
  const templates = new Map<string, string>();
  for (const { kind, metadata, spec } of objects) {
    if (kind !== 'MetricTemplate') continue;
    templates.set(`${metadata?.namespace ?? ''}/${metadata?.name}`, text(at(spec, 'query')) ?? '');
  }
  return templates;
}

/** Reads what the odds of a Canary depend on. */
export function readCanary({ metadata, spec }: Resource, templates: Templates): ReadCanary {
  const findings: Findings = { problems: [], notes: [] };
  const [name, namespace] = [metadata?.name ?? '', metadata?.namespace ?? ''];
  const given = at(spec, 'analysis') ?? at(spec, 'canaryAnalysis');
  const deadline = at(spec, 'progressDeadlineSeconds');
  const readySeconds = typeof deadline === 'number' ? deadline : DEFAULT_READY_SECONDS;
  const read = { name, namespace, readySeconds, ...findings };
  if (given === undefined) {
    refuse(findings, 'spec.analysis', undefined, 'how a release is judged');
    return { ...read, analysis: undefined };
  }
  const analysis = fields(given);
  const intervalSeconds = Math.max(
    SHORTEST_INTERVAL_SECONDS,
    goSeconds(analysis.interval) || DEFAULT_INTERVAL_SECONDS,
  );
  const progress = readProgress(analysis, findings);
  const metrics = items(analysis.metrics).flatMap(
    (metric, index) => readMetric(metric, index, { namespace, intervalSeconds, templates }, findings) ?? [],
  );
  const target = text(at(spec, 'service', 'name')) ?? text(at(spec, 'targetRef', 'name')) ?? name;
  const loadTest = readLoadTest(analysis.webhooks, `${target}-canary`, findings);
  const threshold = typeof analysis.threshold === 'number' ? Math.max(1, Math.round(analysis.threshold)) : 1;
  const promotionStep = readPromotionStep(analysis.stepWeightPromotion, findings);
  const skipAnalysis = at(spec, 'skipAnalysis') === true;
  if (progress === undefined || findings.problems.length > 0) return { ...read, analysis: undefined };
  addNotes(analysis, metrics, skipAnalysis, findings);
  return {
    ...read,
    analysis: {
      machine: { progress, threshold, promotionStep, skipAnalysis },
      intervalSeconds,
      metrics,
      loadTest,
    },
  };
}

/** None, and 0, are all at once. */
function readPromotionStep(value: unknown, findings: Findings): number | undefined {
  if (value === undefined || value === 0) return undefined;
  const step = wholeNumber(value, 1, 100);
  const path = 'spec.analysis.stepWeightPromotion';
  return step ?? refuse(findings, path, value, 'a whole number from 0 to 100 (percent)');
}

function addNotes(
  { webhooks }: Readonly<Record<string, unknown>>,
  metrics: readonly Metric[],
  skipAnalysis: boolean,
  { notes }: Findings,
): void {
  const types = new Set(items(webhooks).map((webhook) => text(at(webhook, 'type')) ?? 'rollout'));
  if ([...types].some((type) => type.startsWith('confirm-'))) {
    notes.push('Its gates are taken to be open: each moment that one is closed comes on top of the times.');
  }
  if (skipAnalysis) notes.push('With skipAnalysis every release is promoted as soon as its pods are ready.');
  else if (metrics.length === 0) notes.push('No metric of it can fail: every release is promoted.');
  if (new Set(metrics.map(({ windowSeconds }) => windowSeconds)).size > 1) {
    notes.push('Its metrics look back over different times: they are taken to see different requests.');
  }
}
