import type { z } from 'zod';
import type { Mistake } from '../errors.ts';
import { type Platform, platformSchema } from '../schema.ts';
import { checkInfrastructure } from './aws-cross-checks.ts';
import { checkLists, checkReferences, type Finding, type Known, whatIsKnown } from './cross-checks.ts';
import { checkConnections } from './database-budget.ts';
import { byPosition, type Path, showPath, valueAt } from './path.ts';
import { kindOf, nearMiss, refusal } from './refusal.ts';
import { NEXT_KEY } from './shapes.ts';
import { type Sound, soundParts } from './sound.ts';

/** The file that exports the platform, as seen from the repo's root. */
export const PLATFORM_FILE = 'config/platform.ts';
const CLUSTERS_FILE = 'config/clusters.ts';
const FILES = [PLATFORM_FILE, CLUSTERS_FILE];

/** A platform that was judged. */
export interface ParsedPlatform {
  /** The platform with its defaults; only when there is no mistake. */
  platform?: Platform;
  /** Everything that is wrong with it, file by file and in the order in which it is written. */
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
  const misshapen = result.success ? [] : findingsOf(input, result.error.issues);
  // Names are judged by a list of names, so the list comes first: a name that stands there twice is probably another.
  const alone = checkLists(partsBeside(input, misshapen));
  const sound = partsBeside(input, [...misshapen, ...alone]);
  const known = whatIsKnown(sound);
  const findings = [...misshapen, ...alone, ...checkReferences(sound, known)];
  // A sum is worth telling only when nothing is wrong with what is added up.
  if (result.success && findings.length === 0) {
    findings.push(...checkConnections(result.data), ...checkInfrastructure(result.data));
  }
  const mistakes = findings
    .sort((a, b) => byPosition(input, a.path, b.path))
    .map(({ path, says }) => ({ file: fileOf(input, path), path: showPath(path) || 'default export', says }))
    .sort((a, b) => FILES.indexOf(a.file) - FILES.indexOf(b.file));
  return result.success && mistakes.length === 0
    ? { platform: result.data, mistakes, known }
    : { mistakes, known };
}

function partsBeside(input: unknown, findings: readonly Finding[]): Sound {
  return soundParts(
    input,
    findings.map(({ path }) => path),
  );
}

interface StructuralFinding extends Finding {
  /** The key that an object does not have; it may be a misspelt one that is then missing. */
  unknown?: string;
}

/** Zod's issues as mistakes in our words, which the schema has put into its messages. */
function findingsOf(input: unknown, issues: readonly z.core.$ZodIssue[]): Finding[] {
  if (issues.some(({ path }) => path.length === 0) && kindOf(input) !== 'an object') {
    const says = refusal(input, 'what definePlatform({ … }) returns', { wanted: 'an object' });
    return [{ path: [], says }];
  }
  return withoutSequels(
    input,
    issues.flatMap((issue) => flatten(issue, [])),
  );
}

function flatten(issue: z.core.$ZodIssue, above: Path): StructuralFinding[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const says = issue.message.split(NEXT_KEY);
    return issue.keys.map((key, index) => ({ path: [...path, key], says: says[index] ?? '', unknown: key }));
  }
  if (issue.code === 'invalid_union') {
    // The branch that was meant is the one whose outermost shape fits.
    const meant = issue.errors.filter((branch) => !branch.some(isMisshapen));
    if (meant.length === 1) return (meant[0] ?? []).flatMap((inner) => flatten(inner, path));
  }
  return [{ path, says: issue.message }];
}

function isMisshapen({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

/** Drops what only follows from another mistake: a key that is missing because it is misspelt, a value's second flaw. */
function withoutSequels(input: unknown, findings: readonly StructuralFinding[]): Finding[] {
  const holderOf = (path: Path) => showPath(path.slice(0, -1));
  const misspelt = Map.groupBy(
    findings.filter(({ unknown }) => unknown !== undefined),
    ({ path }) => holderOf(path),
  );
  const told = new Set<string>();
  return findings.filter(({ path }) => {
    const place = showPath(path);
    if (told.has(place)) return false;
    told.add(place);
    if (valueAt(input, path) !== undefined) return true;
    const key = String(path.at(-1));
    return !misspelt.get(holderOf(path))?.some(({ unknown = '' }) => nearMiss(unknown, [key]) === key);
  });
}

/** Clusters have a file of their own; that they are missing as a whole is to be mended in the platform's. */
function fileOf(input: unknown, path: Path): string {
  return path[0] === 'clusters' && valueAt(input, ['clusters']) !== undefined ? CLUSTERS_FILE : PLATFORM_FILE;
}
