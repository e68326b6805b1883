import { createInterface } from 'node:readline/promises';
import { UserError } from '../user-error.ts';

/**
 * Asks the person at the terminal to type something.
 *
 * @param question what is shown
 * @param instead what to say on the command line where there is nobody to ask
 * @throws UserError when there is nobody
 */
export async function ask(question: string, instead: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UserError(`there is nobody to ask here: say ${instead}`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
