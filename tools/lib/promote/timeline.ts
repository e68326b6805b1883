// What stood in apps/images.yaml and config/versions.yaml at each commit that Flux can have seen.
import { IMAGES_FILE, parsePin } from '../../../config/checks/images.ts';
import { readRingFile } from '../../../config/checks/ring-file.ts';
import { VERSIONS_FILE } from '../../../config/checks/versions.ts';
import { catFiles, firstParents, namesAt } from '../diff/git.ts';

/** What is promoted: images of apps, and versions of add-ons. */
export type Kind = 'image' | 'version';

/** The file that holds the lines of a kind, from the repo's root. */
export const FILES: Readonly<Record<Kind, string>> = { image: IMAGES_FILE, version: VERSIONS_FILE };

/** The line of an app or an add-on in a ring. */
export interface Line {
  /** The full reference of an image, or a version. */
  value: string;
  /** Why it is held there. @default it is not held */
  pinned?: string;
}

/** One commit of the branch that Flux reads. */
export interface Point {
  commit: string;
  /** When it was made, in milliseconds since 1970; never before the point before it. */
  at: number;
  lines: Readonly<Record<Kind, Lines>>;
}

/** The lines of a file by ring and name. */
export type Lines = ReadonlyMap<string, ReadonlyMap<string, Line>>;

/** Commits that are looked at, from the newest back: weeks of a busy repo, and five calls to GitHub. */
export const HISTORY = 500;

/**
 * Reads the history of a branch: each commit that was its head at some time, and no commit of branches merged into it,
 * since Flux has never seen those.
 *
 * @param root the repo's folder
 * @param ref the branch, or a commit of it
 * @param limit how many commits, from the newest back
 * @returns oldest first
 */
export async function readTimeline(root: string, ref: string, limit: number = HISTORY): Promise<Point[]> {
  const commits = (await firstParents(root, ref, limit)).reverse();
  const kinds = Object.keys(FILES) as Kind[];
  const wanted = commits.flatMap(({ commit }) => kinds.map((kind) => `${commit}:${FILES[kind]}`));
  const names = await namesAt(root, wanted);
  const texts = await catFiles(root, [...new Set(names.values())]);
  // Most commits leave the files alone, so each content is read once.
  const parsed = new Map([...texts].map(([name, text]) => [name, parseLines(text)]));
  const linesAt = (commit: string, kind: Kind): Lines =>
    parsed.get(names.get(`${commit}:${FILES[kind]}`) ?? '') ?? new Map();
  let latest = 0;
  return commits.map(({ commit, at }) => {
    // Clocks differ between machines; the order of commits does not.
    latest = Math.max(latest, at);
    return {
      commit,
      at: latest,
      lines: { image: linesAt(commit, 'image'), version: linesAt(commit, 'version') },
    };
  });
}

/**
 * The lines of a file as it may have been long ago: what does not fit the rules of today is passed over.
 *
 * @param text what the file holds
 */
export function parseLines(text: string): Lines {
  return plainLines(text) ?? anyLines(text);
}

const RING = /^([\w-]+):$/;
/** An entry whose value is plainly a text: an image, or a version of three numbers. */
const ENTRY = /^ {2}([\w-]+): ([\w.-]+(?::\d+)?\/[\w./:@-]+|\d+\.\d+\.\d+[\w.+-]*)( +#.*)?$/;
const NOTHING = /^\s*(?:#.*)?$/;

/**
 * The lines of a file in its usual form, fifty times as fast as YAML is read: of a thousand apps there are hundreds of
 * versions of a file of three thousand lines.
 *
 * @returns nothing when it has another form
 */
function plainLines(text: string): Lines | undefined {
  const lines = new Map<string, Map<string, Line>>();
  let own: Map<string, Line> | undefined;
  for (const line of text.split('\n')) {
    const [, name, value = '', rest = ''] = ENTRY.exec(line) ?? [];
    if (name !== undefined) {
      if (own === undefined || own.has(name)) return undefined;
      const pin = parsePin(rest);
      own.set(name, { value, ...(pin && { pinned: pin.reason }) });
      continue;
    }
    const ring = RING.exec(line)?.[1];
    if (ring !== undefined && !lines.has(ring)) {
      own = new Map();
      lines.set(ring, own);
    } else if (!NOTHING.test(line)) return undefined;
  }
  return [...lines.values()].every(({ size }) => size > 0) ? lines : undefined;
}

/** The lines of a file in whatever form YAML allows. */
function anyLines(text: string): Lines {
  const { entries } = readRingFile(text, {
    file: '',
    rings: undefined,
    names: undefined,
    holds: '',
    required: () => new Map(),
    allowed: '',
    meant: () => undefined,
  });
  const lines = new Map<string, Map<string, Line>>();
  for (const { ring, name, text: value, rest } of entries) {
    const pin = parsePin(rest);
    const own = lines.get(ring) ?? new Map<string, Line>();
    lines.set(ring, own.set(name, { value, ...(pin && { pinned: pin.reason }) }));
  }
  return lines;
}
