import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, expect, it } from '@jest/globals';
import { childrenOf } from '../testing/children-of.ts';
import { commandLineOf, folderOf, isRunning, startOf } from './processes.ts';
import { until } from './until.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function sleeper(): Promise<ChildProcess & { pid: number }> {
  const child = spawn('sleep', ['61'], { cwd: tmpdir() });
  children.push(child);
  await new Promise((resolve) => child.once('spawn', resolve));
  return child as ChildProcess & { pid: number };
}

it('knows a process by its start, its command line, its folder and its parent', async () => {
  const { pid } = await sleeper();
  expect(isRunning(pid)).toBe(true);
  expect(startOf(pid)).toBe(startOf(pid));
  expect(startOf(pid)).not.toBe(startOf(process.pid));
  expect(commandLineOf(pid)).toBe('sleep 61');
  if (process.platform === 'linux') expect(folderOf(pid)).toBe(realpathSync(tmpdir()));
  expect(childrenOf(process.pid)).toContain(pid);
});

it('knows nothing of a process that is gone', async () => {
  const child = await sleeper();
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(isRunning(child.pid)).toBe(false);
  expect(startOf(child.pid)).toBeUndefined();
  expect(childrenOf(process.pid)).not.toContain(child.pid);
});

it('counts a zombie as gone', async () => {
  // A shell that becomes a program which never asks after the shell's child.
  const parent = spawn('sh', ['-c', 'sleep 0 & exec sleep 62']);
  children.push(parent);
  await new Promise((resolve) => parent.once('spawn', resolve));
  const gone = await until(() => {
    const [zombie] = childrenOf(parent.pid as number);
    return zombie !== undefined && !isRunning(zombie) && commandLineOf(parent.pid as number) === 'sleep 62';
  }, 5_000);
  expect(gone).toBe(true);
});
