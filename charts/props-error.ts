import type { Construct } from 'constructs';

/** One mistake in the props of a construct: `found …; allowed: …`. */
export interface PropProblem {
  /** The wrong prop: `release.weights.max`. */
  path: string;
  /** What was found there, what is allowed, and why where that is not plain. */
  says: string;
}

/** Everything that is wrong with the props of one construct, at once. Its message holds one line for each problem. */
export class PropsError extends Error {
  override readonly name = 'PropsError';
  readonly problems: readonly PropProblem[];

  constructor(construct: Construct, problems: readonly PropProblem[]) {
    super(problems.map(({ path, says }) => `${construct.node.path}: ${path}: ${says}`).join('\n'));
    this.problems = problems;
  }
}

/** Says no to a value: `found 0; allowed: a whole number of 1 or more`. */
export function refusal(path: string, found: unknown, allowed: string): PropProblem {
  const what = found === undefined ? 'is missing' : `found ${JSON.stringify(found)}`;
  return { path, says: `${what}; allowed: ${allowed}` };
}

/**
 * A whole number within bounds.
 *
 * @param found the value; one that was left out is no problem
 * @param aside what follows the bounds in the refusal: the unit, or why they are what they are
 */
export function wholeNumber(
  path: string,
  found: number | undefined,
  { min, max, aside }: { min: number; max?: number; aside?: string },
): PropProblem[] {
  if (found === undefined) return [];
  if (Number.isInteger(found) && found >= min && found <= (max ?? Number.POSITIVE_INFINITY)) return [];
  const bounds = max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
  return [refusal(path, found, `a whole number ${bounds}${aside === undefined ? '' : ` (${aside})`}`)];
}
