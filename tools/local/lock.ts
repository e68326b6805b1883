import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../lib/user-error.ts';
import { startOf } from './processes.ts';

/** Held while `npm start` runs in a repo, so that a second one is refused before it touches anything. */
export interface Lock {
  /** Writes down where the console answers, for the message of a start that is refused. */
  tell(consoleUrl: string): void;
  /** Gives it back; what is not ours is left alone. */
  release(): void;
}

interface Holder {
  pid: number;
  /** As {@link startOf} says it: a pid alone may since have gone to another program. */
  start: string;
  consoleUrl?: string;
}

/**
 * Takes the lock, or refuses and says who has it. One whose holder is gone is taken over.
 *
 * @param file where the lock is kept
 * @param pid who is to hold it. @default this process
 */
export function takeLock(file: string, pid: number = process.pid): Lock {
  const start = startOf(pid);
  if (start === undefined) throw new Error(`no process ${pid} to hold ${file}`);
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${pid}`;
  try {
    writeFileSync(own, JSON.stringify({ pid, start } satisfies Holder));
    while (!linked(own, file)) removeStale(file, own);
  } finally {
    rmSync(own, { force: true });
  }
  return {
    tell(consoleUrl) {
      writeFileSync(own, JSON.stringify({ pid, start, consoleUrl } satisfies Holder));
      renameSync(own, file);
    },
    release() {
      const holder = read(file);
      if (holder?.pid === pid && holder.start === start) rmSync(file, { force: true });
    },
  };
}

/** Creates the lock with its content in one step, so that nobody ever reads half of it. */
function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock that nobody holds any more, and refuses one that somebody does. */
function removeStale(file: string, own: string): void {
  refuseHeld(read(file));
  // Another start may have done the same a moment ago and hold the lock by now, so what goes is looked at once more,
  // where nobody else can reach it.
  const aside = `${own}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    refuseHeld(read(aside));
  } catch (error) {
    linked(aside, file);
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function refuseHeld(holder: Holder | undefined): void {
  if (holder === undefined || startOf(holder.pid) !== holder.start) return;
  const where = holder.consoleUrl ? `its console is at ${holder.consoleUrl}` : 'its console is not up yet';
  throw new UserError(
    `Slipway already runs here, as process ${holder.pid}; ${where}. Stop it with Ctrl-C in its terminal, or with \`kill ${holder.pid}\`.`,
  );
}

/** Who holds the lock; nobody where it is missing or can't be read, as after a full disk. */
function read(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.start === 'string'
      ? (holder as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}
