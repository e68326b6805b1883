import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { acknowledged } from './acknowledge.ts';

/** Something that is wrong with a template. */
export interface Finding {
  /** `AwsSolutions-EC23`, or `stale-acknowledgement`. */
  rule: string;
  /** The path of the construct: its stack first. */
  at: string;
  says: string;
}

/** As far as we read it, what the CDK writes about a synthesis. */
interface Report {
  pluginReports: {
    pluginName: string;
    violations: Violation[];
    suppressedViolations?: (Violation & { acknowledgedId: string; acknowledgedAt?: string })[];
  }[];
}

interface Violation {
  ruleName: string;
  description: string;
  violatingConstructs: { constructPath?: string }[];
}

/**
 * What is wrong with the templates of an app: whatever a rule found and nobody has acknowledged, and whatever was acknowledged
 * that no rule finds any more.
 *
 * @param app one that was synthesized with its checks
 * @param outdir where its templates were written
 */
export function findings(app: App, outdir: string): Finding[] {
  const { pluginReports } = JSON.parse(
    readFileSync(join(outdir, 'validation-report.json'), 'utf8'),
  ) as Report;
  const open = pluginReports.flatMap(({ violations }) => violations.flatMap(eachPlace));
  const met = new Set(
    pluginReports.flatMap(({ suppressedViolations = [] }) =>
      suppressedViolations.map((violation) => `${violation.acknowledgedAt} ${violation.acknowledgedId}`),
    ),
  );
  const stale = acknowledged(app)
    .filter(({ at, rule }) => !met.has(`${at} ${rule}`))
    .map(({ at, rule }) => ({
      rule: 'stale-acknowledgement',
      at,
      says: `${rule} is acknowledged here, and nothing of it is found: take it away`,
    }));
  return [...open, ...stale].sort((a, b) => order(a, b));
}

function eachPlace({ ruleName, description, violatingConstructs }: Violation): Finding[] {
  return violatingConstructs.map(({ constructPath = '' }) => ({
    rule: ruleName,
    at: constructPath,
    says: description.trim(),
  }));
}

function order(a: Finding, b: Finding): number {
  return `${a.at} ${a.rule}` < `${b.at} ${b.rule}` ? -1 : 1;
}
