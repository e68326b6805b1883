import type { z } from 'zod';
import { crossCheck, type Finding, type Known, whatIsKnown } from './cross-checks.ts';
import type { Mistake } from './errors.ts';
import { byPosition, type Path, showPath, valueAt } from './path.ts';
import { nearMiss } from './refusal.ts';
import { type Platform, platformSchema } from './schema.ts';
import { NEXT_KEY } from './shapes.ts';
import { soundParts } from './sound.ts';

/** A platform that was judged. */
export interface ParsedPlatform {
  /** The platform with its defaults; only when there is no mistake. */
  platform?: Platform;
  /** Everything that is wrong with it, in the order in which it is written. */
  mistakes: Mistake[];
  /** What can be relied on in spite of the mistakes, to judge other files by. */
  known: Known;
}

/**
 * Judges a platform as `config/platform.ts` exports it.
 *
 * @param input anything: it is this function that finds out
 */
export function parsePlatform(input: unknown): ParsedPlatform {
  const result = platformSchema.safeParse(input);
  const wrong = result.success
    ? []
    : withoutSequels(
        input,
        result.error.issues.flatMap((issue) => findingsOf(issue, [])),
      );
  const sound = soundParts(
    input,
    wrong.map(({ path }) => path),
  );
  const known = whatIsKnown(sound);
  const findings = [...wrong, ...crossCheck(sound, known)].sort((a, b) => byPosition(input, a.path, b.path));
  const mistakes = findings.map(({ path, says }) => ({
    file: fileOf(input, path),
    path: showPath(path) || 'default export',
    says,
  }));
  return result.success && mistakes.length === 0
    ? { platform: result.data, mistakes, known }
    : { mistakes, known };
}

interface StructuralFinding extends Finding {
  /** The key that an object does not have; it may be a misspelt one that is then missing. */
  unknown?: string;
}

/** One issue of zod's as mistakes in our words, which the schema has put into its messages. */
function findingsOf(issue: z.core.$ZodIssue, above: Path): StructuralFinding[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const says = issue.message.split(NEXT_KEY);
    return issue.keys.map((key, index) => ({ path: [...path, key], says: says[index] ?? '', unknown: key }));
  }
  if (issue.code === 'invalid_union') {
    // The branch that was meant is the one whose outermost shape fits.
    const meant = issue.errors.filter((branch) => branch.every((inner) => inner.path.length > 0));
    if (meant.length === 1) return (meant[0] ?? []).flatMap((inner) => findingsOf(inner, path));
  }
  return [{ path, says: issue.message }];
}

/** Drops what only follows from another mistake: a key that is missing because it is misspelt, a value's second flaw. */
function withoutSequels(input: unknown, findings: readonly StructuralFinding[]): Finding[] {
  const misspelt = findings.filter(({ unknown }) => unknown !== undefined);
  return findings.filter(({ path }, index) => {
    const isFirst = findings.findIndex((other) => showPath(other.path) === showPath(path)) === index;
    if (valueAt(input, path) !== undefined) return isFirst;
    const holder = showPath(path.slice(0, -1));
    const key = String(path.at(-1));
    return (
      isFirst &&
      !misspelt.some(
        ({ path, unknown = '' }) =>
          showPath(path.slice(0, -1)) === holder && nearMiss(unknown, [key]) === key,
      )
    );
  });
}

/** Clusters have a file of their own; that they are missing as a whole is to be mended in the platform's. */
function fileOf(input: unknown, path: Path): string {
  return path[0] === 'clusters' && valueAt(input, ['clusters']) !== undefined
    ? 'config/clusters.ts'
    : 'config/platform.ts';
}
