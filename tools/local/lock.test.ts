import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { takeLock } from './lock.ts';

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
  const lock = takeLock(file, pid);
  expect(() => takeLock(file)).toThrow(
    `Slipway already runs here, as process ${pid}; its console is not up yet. Stop it with Ctrl-C in its terminal, or with \`kill ${pid}\`.`,
  );
  lock.tell('http://127.0.0.1:3001');
  expect(() => takeLock(file)).toThrow('its console is at http://127.0.0.1:3001');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid });
});

it('is free again when it was given back', async () => {
  const { pid } = await sleeper();
  takeLock(file, pid).release();
  takeLock(file).release();
  expect(readdirSync(join(folder, 'deep'))).toEqual([]);
});

it('is taken over when its holder is gone', async () => {
  const child = await sleeper();
  const old = takeLock(file, child.pid);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const lock = takeLock(file);
  old.release();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
  expect(existsSync(file)).toBe(false);
});

it('is taken over when the pid of its holder has gone to another program', async () => {
  const { pid } = await sleeper();
  takeLock(file, pid);
  writeFileSync(file, JSON.stringify({ pid, start: 'an earlier life' }));
  takeLock(file).release();
});

it('is taken over when it can not be read', () => {
  takeLock(file).release();
  for (const text of ['', '{"pid": 1', 'null']) {
    writeFileSync(file, text);
    takeLock(file).release();
  }
});
