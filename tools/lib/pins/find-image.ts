import { type Run, shortVersion, versionOf } from '../promote/runs.ts';
import { at } from '../promote/words.ts';
import { UserError } from '../user-error.ts';

/** Images that are told when none fits. */
const TOLD = 10;

/**
 * The image to go back to, as it stood in the ring: with its digest, where it had one.
 *
 * @param runs what the ring ran, oldest first
 * @param wanted a version, `1.4.0`, or a whole reference
 * @param place how messages call it: `conduit in dev`
 * @throws UserError with what there was, when the ring never ran it
 */
export function findImage(runs: readonly Run[], wanted: string, place: string): string {
  const fits = [...runs]
    .reverse()
    .map(({ value }) => value)
    .filter((value) => [value, versionOf(value), shortVersion(value)].includes(wanted));
  // The digest says which of two builds under one tag it was.
  const found = fits.find((value) => value.includes('@')) ?? fits[0];
  if (found !== undefined) return found;
  throw new UserError(`--to: found no ${JSON.stringify(wanted)} of ${place}; ${whatThereWas(runs)}`);
}

function whatThereWas(runs: readonly Run[]): string {
  const last = new Map(runs.map((run) => [shortVersion(run.value), run]));
  const newest = [...last].reverse();
  if (newest.length === 0)
    return 'the history here has no image of it (a shallow clone? git fetch --unshallow)';
  const told = newest
    .slice(0, TOLD)
    .map(([version, { to }]) => `${version} (${to ? `until ${at(to.at).slice(3)}` : 'now'})`);
  const rest = newest.length - told.length;
  return `there were: ${told.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}
