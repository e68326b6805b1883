/** Judges every answer of four targets by what was away when it was asked for. */
import { FLEET_TARGETS, type FleetTarget } from './fleet.ts';
import { type Action, type Answer, isRefusal, isRight } from './fleet-actions.ts';

/** Which target is away; undefined is none. */
type Away = FleetTarget | undefined;

/** Watches what people do while targets come and go. */
export class FleetJudge {
  requests = 0;
  wrong = 0;
  /** How many were answered 503. */
  refused = 0;
  /** Of all answers, in milliseconds. */
  slowest = 0;
  /** From when another process was ready to the last answer that was as without it, in milliseconds; the longest. */
  recovery = 0;
  readonly #problems = new Map<string, number>();
  readonly #judged = new Set<string>();
  /** What may be away now; more than one while it changes. */
  #possible: readonly Away[] = [undefined];
  #backSince = Number.POSITIVE_INFINITY;

  /** A target goes or comes: from now on it may be there or not. */
  changes(target: FleetTarget): void {
    this.#possible = [undefined, target];
    this.#backSince = Number.POSITIVE_INFINITY;
  }

  /** A process is ready in the place of the one that went. */
  isBack(): void {
    this.#backSince = performance.now();
  }

  /** From now on all is as it must be without this target, or with all of them. */
  settles(away: Away): void {
    this.#possible = [away];
  }

  /** Does something, and judges what comes. */
  async watch(action: Action): Promise<void> {
    const before = this.#possible;
    const start = performance.now();
    const answer = await action.send().catch((error: Error) => error);
    const end = performance.now();
    // A change under the request: it may have met what was before, and what came.
    const possible = before === this.#possible ? before : [...new Set([...before, ...this.#possible])];
    this.requests += 1;
    this.slowest = Math.max(this.slowest, Math.round(end - start));
    const isAnswer = !(answer instanceof Error);
    if (isAnswer && answer.status === 503) this.refused += 1;
    if (start > this.#backSince && !(isAnswer && isRight(action, answer, undefined)))
      this.recovery = Math.max(this.recovery, Math.round(end - this.#backSince));
    if (possible.length === 1) this.#judged.add(situation(action, possible[0]));
    const problem = problemOf(action, answer, possible);
    if (problem === undefined) return;
    this.wrong += 1;
    this.blame(`${situation(action, possible.at(-1))}: ${problem}`);
  }

  /** Something else that must not be. */
  blame(problem: string): void {
    this.#problems.set(problem, (this.#problems.get(problem) ?? 0) + 1);
  }

  /** What was wrong, each with how often. */
  problems(): string[] {
    return [...this.#problems].map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`));
  }

  /** What of these nobody tried with all targets there, and without each: nothing is known about it. */
  untried(actions: readonly Action[]): string[] {
    return actions
      .flatMap((action) => [undefined, ...FLEET_TARGETS].map((away) => situation(action, away)))
      .filter((each) => !this.#judged.has(each))
      .map((each) => `${each}: nobody tried`);
  }
}

function situation({ name }: Action, away: Away): string {
  return away === undefined ? name : `${name}, without ${away}`;
}

function problemOf(action: Action, answer: Answer | Error, possible: readonly Away[]): string | undefined {
  const isChanging = possible.length > 1;
  if (answer instanceof Error) {
    // Whoever is cut off knows that there was no answer; whoever waits for one for ever does not.
    return isChanging && answer.name !== 'TimeoutError' ? undefined : `no answer, ${answer.message}`;
  }
  if (possible.some((away) => isRight(action, answer, away))) return undefined;
  // The entry speaks for a target that has only just gone.
  if (isChanging && possible.some((away) => away !== undefined && isRefusal(answer, away))) return undefined;
  return `${answer.status} ${answer.text.slice(0, 120)}`;
}
