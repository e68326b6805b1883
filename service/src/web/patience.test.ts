import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { notFound, RequestError } from '../errors.ts';
import { orNothing } from './patience.ts';

/** A log that is a list. */
function listLog() {
  const lines: string[] = [];
  return { lines, log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) };
}

describe('what a page can do without', () => {
  test('is there when it comes in time', async () => {
    const { lines, log } = listLog();
    const options = { milliseconds: 1_000, log, message: 'without it' };
    expect([await orNothing(Promise.resolve('it'), options), lines]).toEqual(['it', []]);
  });

  test.each([
    ['fails', () => Promise.reject(new Error('broken'))],
    ['takes too long', () => new Promise<never>(() => {})],
  ])('is left out when it %s, and the log says so', async (_what, work) => {
    const { lines, log } = listLog();
    expect(await orNothing(work(), { milliseconds: 20, log, message: 'without it' })).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('without it');
  });

  test.each([
    ['there is no such thing', notFound('article')],
    ['its part is away, which is said elsewhere', new RequestError(503, { part: ['is away'] })],
  ])('is left out in silence when %s', async (_what, error) => {
    const { lines, log } = listLog();
    const options = { milliseconds: 1_000, log, message: 'without it' };
    expect([await orNothing(Promise.reject(error), options), lines]).toEqual([undefined, []]);
  });
});
