import type { Clock } from './clock.ts';

/** One of the things that are done one after the other. It keeps nothing: what is still to do is read where it is. */
export interface Step {
  /** What it does: `delete the load balancers`. */
  title: string;
  /** What there is still to do, a line each; nothing once it is done. */
  left(): Promise<readonly string[]>;
  /** Sets going what is left. It may be called again, in this run or in another one, before that has come to its end. */
  act(): Promise<void>;
  /** How long it may take until nothing is left, in minutes. */
  minutes: number;
  /** What a person does about what does not go. */
  remedy: string;
}

/** How a run ended. */
export type Ending =
  | { is: 'done'; acted: readonly string[] }
  /** What was waited for did not come, or was refused. */
  | { is: 'stuck'; at: string; left: readonly string[]; remedy: string };

/** Thrown by a step that will get no further by waiting. */
export class Stuck extends Error {
  readonly left: readonly string[];
  readonly remedy: string | undefined;

  /** @param remedy in place of the step's */
  constructor(left: readonly string[], remedy?: string) {
    super(left.join('; '));
    this.left = left;
    this.remedy = remedy;
  }
}

export interface RunOptions {
  clock: Clock;
  /** Is told of what begins, and of what is waited for whenever that changes. */
  tell(says: string): void;
}

/** How often to look, in milliseconds. */
const EVERY = 10_000;

/**
 * Does steps in their order. Each is looked at before it is done, so a run goes on where the one before it stopped.
 */
export async function runSteps(steps: readonly Step[], { clock, tell }: RunOptions): Promise<Ending> {
  const acted: string[] = [];
  for (const [index, step] of steps.entries()) {
    const began = clock.now();
    const number = `[${index + 1}/${steps.length}]`;
    let said = '';
    try {
      for (;;) {
        const left = await step.left();
        if (left.length === 0) break;
        if (said === '') {
          tell(`${number} ${step.title}`);
          acted.push(step.title);
        } else if (clock.now() - began > step.minutes * 60_000) throw new Stuck(left);
        const says = left.join(', ');
        if (says !== said) tell(`${' '.repeat(number.length)} ${says}`);
        said = says;
        await step.act();
        // What was done by the act itself is not waited for.
        if ((await step.left()).length === 0) break;
        await clock.sleep(EVERY);
      }
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      return { is: 'stuck', at: step.title, left: error.left, remedy: error.remedy ?? step.remedy };
    }
  }
  return { is: 'done', acted };
}
