import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/load.ts';
import { resolveBase } from '../lib/diff/git.ts';
import { ofWhatWasApplied } from '../lib/promote/applied.ts';
import { Evidence } from '../lib/promote/evidence.ts';
import { evidenceOf, readEvidenceFile } from '../lib/promote/evidence-file.ts';
import { plan, type RingPlan } from '../lib/promote/plan.ts';
import { type Point, readTimeline } from '../lib/promote/timeline.ts';
import { UserError } from '../lib/user-error.ts';

/** Where commit statuses may lie, from the repo's root, as `npm run promote -- --evidence` reads them. */
export const EVIDENCE_FILE = '.slipway/evidence.json';

/** What promotion would do now. */
export type Promotion =
  | { readonly rings: readonly RingPlan[]; readonly hasEvidence: boolean }
  | { readonly problem: string };

/** A page waits no longer for git's history, in milliseconds. */
const PATIENCE = 80;

/**
 * Says what promotion would do, by git's history and by statuses that lie on this machine. It asks nobody else, and reads
 * the history anew only when a commit, the config or the statuses changed.
 */
export class PromotionReader {
  readonly #root: string;
  readonly #clock: () => number;
  #stamp = '';
  #config: Config | undefined;
  #promotion: Promise<Promotion> | undefined;
  #history: { readonly commit: string; readonly points: Promise<Point[]> } | undefined;

  /**
   * @param root the repo
   * @param clock what time it is, in milliseconds since 1970
   */
  constructor(root: string, clock: () => number = Date.now) {
    this.#root = root;
    this.#clock = clock;
  }

  /** What there is to say within a moment; `undefined` while the history is still being read. */
  async read(config: Config): Promise<Promotion | undefined> {
    const reading = this.#current(config);
    let timer: NodeJS.Timeout | undefined;
    const moment = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE);
    });
    try {
      return await Promise.race([reading, moment]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #current(config: Config): Promise<Promotion> {
    const file = join(this.#root, EVIDENCE_FILE);
    const [head, evidence] = await Promise.all([
      resolveBase(this.#root, 'HEAD').catch((error: Error) => error),
      stat(file).catch(() => undefined),
    ]);
    if (head instanceof Error) return { problem: head.message };
    // A soak ends with time too, so what was decided holds for a minute.
    const now = this.#clock();
    const minute = Math.floor(now / 60_000);
    const stamp = [head.commit, evidence?.mtimeMs, evidence?.size, minute].join(' ');
    if (stamp !== this.#stamp || config !== this.#config || this.#promotion === undefined) {
      this.#stamp = stamp;
      this.#config = config;
      this.#promotion = decide(this.#root, config, {
        points: this.#pointsUpTo(head.commit),
        now,
        file: evidence && file,
      });
    }
    return this.#promotion;
  }

  /** What takes the time; of a commit it never changes. */
  #pointsUpTo(commit: string): Promise<Point[]> {
    if (this.#history?.commit !== commit) {
      this.#history = { commit, points: readTimeline(this.#root, commit) };
    }
    return this.#history.points;
  }
}

interface Moment {
  readonly points: Promise<Point[]>;
  readonly now: number;
  /** Where statuses lie, if any do. */
  readonly file: string | undefined;
}

async function decide(
  root: string,
  config: Config,
  { points: history, now, file }: Moment,
): Promise<Promotion> {
  try {
    const points = await history;
    const said = file === undefined ? [] : evidenceOf(await readEvidenceFile(file));
    const evidence = new Evidence(await ofWhatWasApplied(root, config, points, said));
    return {
      rings: plan(config, [], { points, evidence, now }),
      hasEvidence: file !== undefined,
    };
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  }
}
