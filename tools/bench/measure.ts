import { spawn } from 'node:child_process';

/** What one run of a program cost. */
export interface Cost {
  /** User and system time of the program and of those it started, in seconds. */
  cpuSeconds: number;
  /** Time on the clock, in seconds. */
  wallSeconds: number;
  /** What it wrote to its standard output. */
  stdout: string;
}

/** A program to measure. */
export interface Program {
  command: readonly string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program and measures it by the shell's own `time`, which counts its children too.
 *
 * @throws Error with what it said when it fails: the cost of a failure is of no use
 */
export async function measure({ command, cwd, env }: Program): Promise<Cost> {
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&4; } 4>&2 2>&3';
  const child = spawn('bash', ['-c', script, 'bash', ...command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [stdout, stderr, times] = await Promise.all([child.stdout, child.stderr, child.stdio[3]].map(text));
  const code = child.exitCode ?? (await new Promise((resolve) => child.once('close', resolve)));
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${stderr}`);
  const [wall = 0, user = 0, system = 0] = (times ?? '').trim().split(/\s+/).map(Number);
  return { cpuSeconds: user + system, wallSeconds: wall, stdout: stdout ?? '' };
}

async function text(stream: unknown): Promise<string> {
  let all = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) all += chunk;
  return all;
}

/** The middle of some numbers; of an even count the lower of the two. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN;
}
