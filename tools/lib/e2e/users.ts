import { setTimeout as sleep } from 'node:timers/promises';

/** What users saw. */
export interface Seen {
  requests: number;
  /** Of those, that got no answer, or one that says it is the server's fault. */
  failed: number;
}

/** Users who ask for a page, one request after another. */
export class Users {
  private readonly stop = new AbortController();
  private readonly done: Promise<void>;
  readonly seen: Seen = { requests: 0, failed: 0 };

  /**
   * Starts asking.
   *
   * @param url what they ask for
   * @param pauseMilliseconds between an answer and the next request
   */
  constructor(url: string, pauseMilliseconds = 100) {
    this.done = this.ask(url, pauseMilliseconds);
  }

  /** Asks no more. @returns what they saw */
  async end(): Promise<Seen> {
    this.stop.abort();
    await this.done;
    return this.seen;
  }

  private async ask(url: string, pause: number): Promise<void> {
    while (!this.stop.signal.aborted) {
      this.seen.requests += 1;
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: 'manual' });
        await response.arrayBuffer();
        if (response.status >= 500) this.seen.failed += 1;
      } catch {
        this.seen.failed += 1;
      }
      await sleep(pause, undefined, { signal: this.stop.signal }).catch(() => undefined);
    }
  }
}
