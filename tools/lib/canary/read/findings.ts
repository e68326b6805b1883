import { refusal } from '../../../../config/checks/refusal.ts';

/** What somebody should know of a Canary that was read: a line each. */
export interface Findings {
  /** Why it has no odds: `spec.analysis.mirror: found true; allowed: …`. */
  problems: string[];
  /** What its odds leave out, or take for granted. */
  notes: string[];
}

/** Refuses a value. */
export function refuse(findings: Findings, path: string, found: unknown, allowed: string): undefined {
  findings.problems.push(`${path}: ${refusal(found, allowed)}`);
  return undefined;
}
