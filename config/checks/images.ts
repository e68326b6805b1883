import type { Mistake } from '../errors.ts';
import type { Known } from './cross-checks.ts';
import { refusal } from './refusal.ts';
import { byLine, type RingFileEntry, readRingFile } from './ring-file.ts';
import { IMAGE_NAME } from './values.ts';

/** The file that holds the images, as seen from the repo's root. */
export const IMAGES_FILE = 'apps/images.yaml';

/** The image of an app in a ring. */
export interface Image {
  /** The full reference: `ghcr.io/slipway/conduit:1.4.0`, with `@sha256:…` behind it once automation has written it. */
  reference: string;
  /**
   * The image policy that moves it, with its namespace, as a marker names it: `flux-system:conduit-dev`. `undefined` when
   * nothing moves it by itself: in a ring that asks for approval, or where it is pinned.
   */
  policy: string | undefined;
  /** Why it is held as it is. @default it is not pinned */
  pin?: Pin;
}

/** What stands behind an image that is to stay: `# pinned: 1.5.0 loses sessions`. */
export interface Pin {
  /** Why, for whoever comes next. */
  reason: string;
  /** The release to this image was in a hurry: Flagger does not analyse it. `# pinned, not analysed: …` */
  skipAnalysis: boolean;
}

/** The image of each app, by ring: `images.dev?.conduit`. An app that no cluster of a ring runs may be left out there. */
export type Images = Record<string, Record<string, Image>>;

const ALLOWED =
  'host/path:tag or host/path:tag@sha256:<64 hex digits>, such as "ghcr.io/slipway/conduit:1.4.0", and no "latest"';

/** @see https://github.com/distribution/reference/blob/main/reference.go */
const REFERENCE = new RegExp(
  `^${IMAGE_NAME}:(?!latest(?:@|$))[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(?:@sha256:[0-9a-f]{64})?$`,
);
const PIN = /^ # pinned(, not analysed)?: (\S.*)$/;
/** A marker on a line with no image: Flux minds those too, as they stand at the head of the next line. */
const STRAY_MARKER = /^(\s*(?:[^\s#:]+:\s+)?)#.*\$imagepolicy/;

/** The image policy of an app in a ring, with its namespace: `flux-system:conduit-dev`. */
export function imagePolicy(app: string, ring: string): string {
  return `flux-system:${app}-${ring}`;
}

/** The comment by which Flux's image automation knows what to put in front of it: `{"$imagepolicy": "…"}`, without `#`. */
export function imageMarker(policy: string): string {
  return `{"$imagepolicy": ${JSON.stringify(policy)}}`;
}

/** The pin behind an image. @param rest all that follows the image on its line */
export function parsePin(rest: string): Pin | undefined {
  const [, notAnalysed, reason] = PIN.exec(rest.trimEnd()) ?? [];
  return reason === undefined ? undefined : { reason, skipAnalysis: notAnalysed !== undefined };
}

/** A pin as its comment, without `#`: `pinned: 1.5.0 loses sessions`. */
export function showPin({ reason, skipAnalysis }: Pin): string {
  return `pinned${skipAnalysis ? ', not analysed' : ''}: ${reason}`;
}

/**
 * Judges `apps/images.yaml`.
 *
 * @param text what the file holds
 * @param known what the platform says about rings, apps and which run where
 * @returns the images, complete only when there is no mistake
 */
export function parseImages(text: string, known: Known): { images: Images; mistakes: Mistake[] } {
  const { entries, mistakes } = readRingFile(text, {
    file: IMAGES_FILE,
    rings: known.rings && [...known.rings.keys()],
    names: known.apps,
    holds: 'apps with their images',
    required: (ring) => appsOf(ring, known),
    allowed: ALLOWED,
    meant: withoutScheme,
  });
  const images: Images = {};
  for (const entry of entries) {
    const { ring, name, text: reference } = entry;
    if (!REFERENCE.test(reference)) {
      mistakes.push(entry.mistake(refusal(reference, ALLOWED, { meant: withoutScheme(reference) })));
    }
    const { policy, wrong } = judgeRest(entry, known.rings?.get(ring));
    if (wrong !== undefined) mistakes.push(entry.mistake(wrong, 'rest'));
    images[ring] ??= {};
    const pin = parsePin(entry.rest);
    images[ring][name] = { reference, policy, ...(pin && { pin }) };
  }
  return { images, mistakes: [...mistakes, ...strayMarkers(text)].sort(byLine) };
}

/** The apps that a cluster of a ring runs, each with that reason. */
function appsOf(ring: string, { runs }: Known): Map<string, string> {
  return new Map(
    runs.filter((run) => run.ring === ring).map(({ app, cluster }) => [app, `${cluster} runs it`]),
  );
}

/** What stands behind an image: a marker or a pin where images move by themselves, no marker where a person says yes. */
function judgeRest(
  { ring, name, rest }: RingFileEntry,
  promotion: string | undefined,
): { policy: string | undefined; wrong?: string } {
  const comment = rest.trim();
  const policy = imagePolicy(name, ring);
  const marker = `# ${imageMarker(policy)}`;
  if (promotion === 'approval' && comment.includes('$imagepolicy')) {
    const wrong = `found the marker ${comment}; allowed: no marker, since it would move ${ring} without a person's yes`;
    return { policy: undefined, wrong };
  }
  if (promotion !== 'automatic' || parsePin(rest)) return { policy: undefined };
  if (rest === ` ${marker}`) return { policy };
  const found = comment === '' ? 'is missing its marker' : `found ${comment} behind it`;
  const spacing = comment === marker ? ' after exactly one space' : '';
  const wrong = `${found}; allowed: ${marker}${spacing}, or # pinned: <why> to hold this image`;
  return { policy: undefined, wrong };
}

function strayMarkers(text: string): Mistake[] {
  return text.split('\n').flatMap((line, index) => {
    const before = STRAY_MARKER.exec(line)?.[1];
    if (before === undefined) return [];
    const says = `found ${line.slice(before.length).trim()} on a line without an image; allowed: a marker behind an image only`;
    return [{ file: `${IMAGES_FILE}:${index + 1}:${before.length + 1}`, path: '', says }];
  });
}

function withoutScheme(text: string): string | undefined {
  const guess = text.trim().replace(/^[a-z]+:\/\//, '');
  return guess !== text && REFERENCE.test(guess) ? guess : undefined;
}
