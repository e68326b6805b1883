import { styleText } from 'node:util';
import { Listr } from 'listr2';
import { stopwatch } from '../lib/elapsed.ts';

/** What a step gives: a value for the next ones, and its figures for its line. */
export interface Done<T> {
  readonly value: T;
  readonly says: string;
}

/** Runs named steps one after the other and shows how they go. */
export interface Steps {
  /** How many have ended well. */
  readonly passed: number;
  /**
   * Runs one step.
   *
   * @param name a word or two
   * @param work the step; it may say how far it is, which only a terminal shows
   * @returns the step's value
   * @throws what the step throws, once its line is marked as failed
   */
  run<T>(name: string, work: (say: (progress: string) => void) => Promise<Done<T>>): Promise<T>;
}

/** Where the steps are shown. */
export interface Output {
  readonly isTTY?: boolean;
  /** How wide it is; some terminals can't say. */
  readonly columns?: number;
  write(text: string): unknown;
}

const NAME_WIDTH = 10;

/**
 * Steps that are shown on a stream: with a spinner in a terminal, else, and with NO_COLOR, one plain line when each
 * ends.
 */
export function steps(output: Output = process.stdout, environment: NodeJS.ProcessEnv = process.env): Steps {
  let passed = 0;
  const isPlain = !output.isTTY || !output.columns || Boolean(environment.NO_COLOR);
  return {
    get passed() {
      return passed;
    },
    async run(name, work) {
      const value = await (isPlain ? runPlain(name, work, output) : runShown(name, work));
      passed += 1;
      return value;
    },
  };
}

type Work<T> = (say: (progress: string) => void) => Promise<Done<T>>;

async function runPlain<T>(name: string, work: Work<T>, output: Output): Promise<T> {
  const elapsed = stopwatch();
  try {
    const { value, says } = await work(() => {});
    output.write(`✔ ${line(name, says, elapsed())}\n`);
    return value;
  } catch (error) {
    output.write(`✖ ${line(name, 'failed', elapsed())}\n`);
    throw error;
  }
}

async function runShown<T>(name: string, work: Work<T>): Promise<T> {
  const elapsed = stopwatch();
  let result: T | undefined;
  const task = {
    title: name,
    task: async (_: unknown, shown: { title: string }) => {
      try {
        const { value, says } = await work((progress) => {
          shown.title = `${name.padEnd(NAME_WIDTH)} ${progress}`;
        });
        result = value;
        shown.title = line(name, says, elapsed(), styleText);
      } catch (error) {
        shown.title = line(name, 'failed', elapsed(), styleText);
        throw error;
      }
    },
  };
  // Who stops on Ctrl-C is decided elsewhere: there is more to stop than the spinner.
  const rendererOptions = { showErrorMessage: false } as const;
  await new Listr([task], { registerSignalListeners: false, rendererOptions }).run();
  return result as T;
}

function line(name: string, says: string, took: string, style: typeof styleText = (_, text) => text): string {
  return `${style('bold', name.padEnd(NAME_WIDTH))} ${says} ${style('dim', `(${took})`)}`;
}
