import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Holder, takeLock } from './lock.ts';
import { UserError } from './user-error.ts';

const refusal = ({ pid, note = 'nothing told' }: Holder) => `held by ${pid}: ${note}`;

let folder: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-lock-'));
  file = join(folder, 'deep', 'start.lock');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function sleeper(): Promise<ChildProcess & { pid: number }> {
  const child = spawn('sleep', ['60']);
  children.push(child);
  await new Promise((resolve) => child.once('spawn', resolve));
  return child as ChildProcess & { pid: number };
}

it('is refused while its holder runs, whom the refusal names', async () => {
  const { pid } = await sleeper();
  const lock = takeLock(file, refusal, pid);
  expect(() => takeLock(file, refusal)).toThrow(new UserError(`held by ${pid}: nothing told`));
  lock.tell('http://127.0.0.1:3001');
  expect(() => takeLock(file, refusal)).toThrow(`held by ${pid}: http://127.0.0.1:3001`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid });
});

it('is free again when it was given back', async () => {
  const { pid } = await sleeper();
  takeLock(file, refusal, pid).release();
  takeLock(file, refusal).release();
  expect(readdirSync(join(folder, 'deep'))).toEqual([]);
});

it('is taken over when its holder is gone', async () => {
  const child = await sleeper();
  const old = takeLock(file, refusal, child.pid);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const lock = takeLock(file, refusal);
  old.release();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
  expect(existsSync(file)).toBe(false);
});

it('is taken over when the pid of its holder has gone to another program', async () => {
  const { pid } = await sleeper();
  takeLock(file, refusal, pid);
  writeFileSync(file, JSON.stringify({ pid, start: 'an earlier life' }));
  takeLock(file, refusal).release();
});

it('is taken over when it can not be read', () => {
  takeLock(file, refusal).release();
  for (const text of ['', '{"pid": 1', 'null']) {
    writeFileSync(file, text);
    takeLock(file, refusal).release();
  }
});
