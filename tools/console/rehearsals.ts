import type { Subject } from '../lib/canary/report/subject.ts';
import { type Foretold, foretell } from '../lib/rehearse/foretold.ts';
import { refuseTooMuch } from '../lib/rehearse/limits.ts';
import type { Moment } from '../lib/rehearse/rehearsal.ts';
import { RELEASES, type Rehearsable, type ReleaseName } from '../lib/rehearse/releases.ts';
import type { Outcome } from '../lib/rehearse/session.ts';
import { UserError } from '../lib/user-error.ts';

/** What a person chose to rehearse. */
export interface Choice {
  readonly subject: Subject;
  readonly release: ReleaseName;
  /** How much faster than life. */
  readonly speed: number;
  /** Users' requests a second, in life, in place of what is known of the subject. @default as it is known */
  readonly rate?: number | undefined;
}

/** A rehearsal: one that goes on, or the last one. */
export interface Rehearsal extends Choice {
  readonly stage: 'preparing' | 'running' | 'stopping' | 'ended' | 'stopped' | 'failed';
  /** What the plan says of such a release; `undefined` where it knows nothing of it. */
  readonly foretold: Foretold | undefined;
  readonly moments: readonly Moment[];
  /** How it ended, once it has. */
  readonly outcome?: Outcome;
  /** Why it could not be done. */
  readonly problem?: string;
}

/** Whether a rehearsal holds the machine. */
export function isUnderWay(rehearsal: Rehearsal | undefined): boolean {
  return rehearsal !== undefined && ['preparing', 'running', 'stopping'].includes(rehearsal.stage);
}

/** Rehearses one release after another, and tells who watches. */
export class Rehearsals {
  readonly #root: string;
  readonly #watchers = new Set<() => void>();
  #last: Rehearsal | undefined;
  #abort = new AbortController();
  #done: Promise<void> = Promise.resolve();

  /** @param root the repo */
  constructor(root: string) {
    this.#root = root;
  }

  /** The one that goes on, or the last one. */
  get last(): Rehearsal | undefined {
    return this.#last;
  }

  /**
   * Calls somebody at each change.
   *
   * @returns what ends that
   */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Begins one.
   *
   * @throws UserError while another goes on, and for what this machine can't do
   */
  start(choice: Choice): void {
    if (isUnderWay(this.#last)) throw new UserError('a rehearsal goes on already: stop it first');
    const { subject, release, speed } = choice;
    refuseTooMuch(subject, speed);
    const { analysis } = subject.read;
    const { quality }: Rehearsable = RELEASES[release];
    const foretold = analysis && quality && foretell(analysis, subject.traffic.requestsPerSecond, quality);
    this.#abort = new AbortController();
    this.#change({ ...choice, stage: 'preparing', foretold, moments: [] });
    this.#done = this.#run(choice, this.#abort.signal);
  }

  /** Breaks off the one that goes on, and waits until nothing of it is left. */
  async stop(): Promise<void> {
    if (this.#last !== undefined && isUnderWay(this.#last)) {
      this.#change({ ...this.#last, stage: 'stopping' });
      this.#abort.abort(new UserError('broken off'));
    }
    await this.#done;
  }

  async #run({ subject, release, speed }: Choice, signal: AbortSignal): Promise<void> {
    try {
      // What sends requests takes a while to load, and few consoles ever need it.
      const { openSession } = await import('../lib/rehearse/session.ts');
      const session = await openSession({
        root: this.#root,
        subject,
        speed,
        signal,
      });
      try {
        signal.throwIfAborted();
        this.#update({ stage: 'running' });
        const outcome = await session.rehearse(release, (moment) =>
          this.#update({ moments: [...(this.#last?.moments ?? []), moment] }),
        );
        this.#update({ outcome });
      } finally {
        await session.close();
      }
      this.#update({ stage: 'ended' });
    } catch (error) {
      if (signal.aborted) this.#update({ stage: 'stopped' });
      else this.#update({ stage: 'failed', problem: (error as Error).message });
    }
  }

  #update(change: Partial<Rehearsal>): void {
    if (this.#last !== undefined) this.#change({ ...this.#last, ...change });
  }

  #change(rehearsal: Rehearsal): void {
    this.#last = rehearsal;
    for (const watcher of this.#watchers) watcher();
  }
}
