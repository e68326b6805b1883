import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { startOf } from './processes.ts';
import { UserError } from './user-error.ts';

/** Held while a command works on what no second one may touch at the same time. */
export interface Lock {
  /** Writes down what the refusal of a second one should say of this one. */
  tell(note: string): void;
  /** Gives it back; what is not ours is left alone. */
  release(): void;
}

/** Who holds a lock. */
export interface Holder {
  pid: number;
  /** As {@link startOf} says it: a pid alone may since have gone to another program. */
  start: string;
  /** What it told. */
  note?: string;
}

/**
 * Takes the lock, or refuses and says who has it. One whose holder is gone is taken over.
 *
 * @param file where the lock is kept
 * @param refusal what is said to who comes second
 * @param pid who is to hold it. @default this process
 * @throws UserError with the refusal, when a running process holds it
 */
export function takeLock(file: string, refusal: (holder: Holder) => string, pid: number = process.pid): Lock {
  const start = startOf(pid);
  if (start === undefined) throw new Error(`no process ${pid} to hold ${file}`);
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${pid}`;
  try {
    writeFileSync(own, JSON.stringify({ pid, start } satisfies Holder));
    while (!linked(own, file)) removeStale(file, own, refusal);
  } finally {
    rmSync(own, { force: true });
  }
  return {
    tell(note) {
      writeFileSync(own, JSON.stringify({ pid, start, note } satisfies Holder));
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
function removeStale(file: string, own: string, refusal: (holder: Holder) => string): void {
  refuseHeld(read(file), refusal);
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
    refuseHeld(read(aside), refusal);
  } catch (error) {
    linked(aside, file);
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function refuseHeld(holder: Holder | undefined, refusal: (holder: Holder) => string): void {
  if (holder === undefined || startOf(holder.pid) !== holder.start) return;
  throw new UserError(refusal(holder));
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
