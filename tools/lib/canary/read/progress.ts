import type { Progress } from '../machine/spec.ts';
import { type Findings, refuse } from './findings.ts';

const WAYS = '"stepWeight", "stepWeights" or "iterations", and one of them only';

/** Which way users reach the new version; `undefined` when that can't be judged, or never ends. */
export function readProgress(
  analysis: Readonly<Record<string, unknown>>,
  findings: Findings,
): Progress | undefined {
  const path = 'spec.analysis';
  if (analysis.mirror === true) {
    return refuse(
      findings,
      `${path}.mirror`,
      true,
      'false: Linkerd mirrors nothing, and a release would never move on',
    );
  }
  const given = (['stepWeight', 'stepWeights', 'iterations'] as const).filter(
    (key) => analysis[key] !== undefined && analysis[key] !== 0,
  );
  const [way, other] = given;
  if (way === undefined)
    return refuse(findings, path, undefined, `${WAYS}: without, a release never moves on`);
  if (other !== undefined) {
    findings.problems.push(`${path}: found "${way}" beside "${other}"; allowed: ${WAYS}`);
    return undefined;
  }
  const isAbTest = Array.isArray(analysis.match) && analysis.match.length > 0;
  if (way === 'iterations') {
    const iterations = wholeNumber(analysis.iterations, 1);
    if (iterations === undefined) {
      return refuse(findings, `${path}.iterations`, analysis.iterations, 'a whole number of 1 or more');
    }
    return { kind: isAbTest ? 'abTest' : 'blueGreen', iterations };
  }
  if (isAbTest) {
    return refuse(
      findings,
      `${path}.iterations`,
      undefined,
      'a whole number of 1 or more, for an A/B test ("match")',
    );
  }
  return way === 'stepWeight'
    ? evenWeights(analysis, findings)
    : listedWeights(analysis.stepWeights, findings);
}

function evenWeights({ stepWeight, maxWeight }: Readonly<Record<string, unknown>>, findings: Findings) {
  const percent = 'a whole number from 1 to 100 (percent)';
  const step = wholeNumber(stepWeight, 1, 100);
  if (step === undefined) {
    return refuse(
      findings,
      'spec.analysis.stepWeight',
      stepWeight,
      `${percent}: else a release never moves on`,
    );
  }
  // Flagger takes 0 for none given.
  const max = wholeNumber(maxWeight || 100, 1, 100);
  if (max === undefined) return refuse(findings, 'spec.analysis.maxWeight', maxWeight, percent);
  return { kind: 'evenWeights' as const, step, max };
}

function listedWeights(weights: unknown, findings: Findings): Progress | undefined {
  const path = 'spec.analysis.stepWeights';
  if (!Array.isArray(weights) || weights.length === 0) {
    return refuse(findings, path, weights, 'a list of rising percentages');
  }
  for (const [index, weight] of weights.entries()) {
    const before = index === 0 ? 0 : weights[index - 1];
    if (wholeNumber(weight, 1, 100) === undefined) {
      return refuse(findings, `${path}[${index}]`, weight, 'a whole number from 1 to 100 (percent)');
    }
    if (weight <= before) {
      return refuse(
        findings,
        `${path}[${index}]`,
        weight,
        `more than ${before}, the weight before it: else a release hangs there for ever`,
      );
    }
  }
  return { kind: 'listedWeights', weights };
}

/** @returns `undefined` for what is none, or out of bounds */
export function wholeNumber(value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    ? value
    : undefined;
}
