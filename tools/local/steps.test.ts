import { expect, it } from '@jest/globals';
import { count } from '../lib/count.ts';
import { steps } from './steps.ts';

function recorder() {
  const lines: string[] = [];
  return { lines, isTTY: false, write: (text: string) => lines.push(text.replace(/\d+\.\d+ s/, 'T')) };
}

it('says each step in one plain line when nobody watches', async () => {
  const output = recorder();
  const shown = steps(output);
  const value = await shown.run('compile', async (say) => {
    say('half-way');
    return { value: 42, says: '3 files' };
  });
  expect(value).toBe(42);
  expect(shown.passed).toBe(1);
  expect(output.lines).toEqual(['✔ compile    3 files (T)\n']);
});

it('marks the step that fails, and fails as it does', async () => {
  const output = recorder();
  const shown = steps(output);
  const failing = shown.run('check', async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(shown.passed).toBe(0);
  expect(output.lines).toEqual(['✖ check      failed (T)\n']);
});

it('has no colours where NO_COLOR is set, even in a terminal', async () => {
  const output = { ...recorder(), isTTY: true, columns: 80 };
  await steps(output, { NO_COLOR: '1' }).run('one', async () => ({ value: 0, says: 'done' }));
  expect(output.lines).toEqual(['✔ one        done (T)\n']);
});

it.each([
  [1, '1 file'],
  [0, '0 files'],
  [1204, '1,204 files'],
])('counts %d as %s', (number, text) => expect(count(number, 'file')).toBe(text));
