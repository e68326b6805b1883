/** Runs of `Result`, shared by those who ask for the same. */
export type Coalesce<Result> = (key: string, run: () => Promise<Result>) => Promise<Result>;

/**
 * Lets those who ask for the same share one run, and never shows anybody less than was true when they asked: whoever
 * comes while a run is under way waits for the next one, together with all that come until it begins. So each key has
 * at most one run under way and one to come, and nothing is kept between them.
 *
 * The result is one object for all of them: nobody may change it. So is the error.
 */
export function createCoalesce<Result>(): Coalesce<Result> {
  const underWay = new Map<string, Promise<unknown>>();
  const toCome = new Map<string, Promise<Result>>();

  function begin(key: string, run: () => Promise<Result>): Promise<Result> {
    toCome.delete(key);
    const result = run();
    const over: Promise<void> = result.then(
      () => end(key, over),
      () => end(key, over),
    );
    underWay.set(key, over);
    return result;
  }

  function end(key: string, over: Promise<void>): void {
    if (underWay.get(key) === over) underWay.delete(key);
  }

  return (key, run) => {
    const coming = toCome.get(key);
    if (coming !== undefined) return coming;
    // When nothing is under way, those whose requests have arrived together still come together.
    const turn = underWay.get(key) ?? new Promise(setImmediate);
    const next = turn.then(() => begin(key, run));
    toCome.set(key, next);
    return next;
  };
}
