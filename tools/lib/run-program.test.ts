import { expect, test } from '@jest/globals';
import { runProgram } from './run-program.ts';

const missing = 'found no such program';
const node = (script: string, input?: string) =>
  runProgram(process.execPath, ['-e', script], { missing, ...(input !== undefined && { input }) });

test('reads what it is given, and tells what it prints and how it ended', async () => {
  const script = 'process.stdin.pipe(process.stdout); console.error("a word"); process.exitCode = 3';
  const { code, stdout, stderr } = await node(script, 'ünï');
  expect([code, stdout.toString(), stderr]).toEqual([3, 'ünï', 'a word\n']);
});

test('may end before it has read everything', async () => {
  const { code } = await node('process.exit(4)', 'x'.repeat(10_000_000));
  expect(code).toBe(4);
});

test('says by no code that a signal ended it', async () => {
  expect((await node('process.kill(process.pid, "SIGKILL")')).code).toBeNull();
});

test('takes no argument for a word to a shell', async () => {
  const { stdout } = await runProgram('echo', ['$HOME; exit 1'], { missing });
  expect(stdout.toString()).toBe('$HOME; exit 1\n');
});

test('that is not installed is missed in the words of who asked', async () => {
  await expect(runProgram('no-such-program', [], { missing })).rejects.toThrow(missing);
});
