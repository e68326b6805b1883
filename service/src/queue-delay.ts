/** How long work waits before it is begun: for the processor, for a connection of the database. */
import type { Pool } from './database/pool.ts';

/** A pause that fewer samples in a row saw, as collecting garbage makes it, is no queue. */
const SAMPLES = 3;

/** How late the event loop comes to what is due; all that shares its one thread waits as long. */
export class EventLoopDelay {
  readonly #interval: number;
  readonly #latest: number[] = [];
  #due: number;

  /** @param interval milliseconds from one sample to the next */
  constructor(interval: number, now: number) {
    this.#interval = interval;
    this.#due = now + interval;
  }

  /** To be called by a timer with the interval. */
  sample(now: number): void {
    this.#latest.push(now - this.#due);
    if (this.#latest.length > SAMPLES) this.#latest.shift();
    this.#due = now + this.#interval;
  }

  /** The least delay of the last samples: what every one of them had to wait. */
  get milliseconds(): number {
    return this.#latest.length < SAMPLES ? 0 : Math.max(0, Math.min(...this.#latest));
  }
}

/** How long one who needs a connection waits for it. While others do, a probe stands in the line with them. */
export class PoolDelay {
  readonly #pool: Pick<Pool, 'connect' | 'waitingCount'>;
  #asked: number | undefined;
  #waited = 0;
  #latest = 0;

  constructor(pool: Pick<Pool, 'connect' | 'waitingCount'>) {
    this.#pool = pool;
  }

  /** To be called regularly. */
  sample(now: number): void {
    if (this.#asked !== undefined) {
      this.#latest = Math.max(this.#waited, now - this.#asked);
    } else if (this.#pool.waitingCount > 0) {
      this.#latest = this.#waited;
      void this.#probe(now);
    } else {
      this.#latest = 0;
      this.#waited = 0;
    }
  }

  /** What the last probe waited, or the one that still does, if that is longer. */
  get milliseconds(): number {
    return this.#latest;
  }

  async #probe(now: number): Promise<void> {
    this.#asked = now;
    try {
      (await this.#pool.connect()).release();
    } catch {
      // Those in the line are told themselves that there is no connection; the time counts all the same.
    }
    this.#waited = performance.now() - now;
    this.#asked = undefined;
  }
}
