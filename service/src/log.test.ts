import { describe, expect, test } from '@jest/globals';
import { createLog } from './log.ts';

/** The lines that are logged. */
function logged(log: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  log(createLog('info', { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

/** As pg makes them: an error with PostgreSQL's fields. */
class DatabaseError extends Error {}

describe('the log', () => {
  test('has JSON lines with level and time, and nothing below its level', () => {
    const lines = logged((log) => {
      log.debug('hidden');
      log.info({ port: 80 }, 'listening');
    });
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), msg: 'listening', port: 80 },
    ]);
  });

  test('says what went wrong and where', () => {
    const error = new TypeError('x is not a function', { cause: new RangeError('too far') });
    const [line] = logged((log) => log.error({ error }, 'a request failed'));
    expect(line?.error).toMatchObject({
      type: 'TypeError',
      message: 'x is not a function',
      stack: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
      cause: { type: 'RangeError', message: 'too far' },
    });
  });

  test('keeps to itself whose row it was that PostgreSQL refused', () => {
    const error = Object.assign(
      new DatabaseError('duplicate key value violates unique constraint "users_email_key"'),
      {
        code: '23505',
        table: 'users',
        constraint: 'users_email_key',
        detail: 'Key (email)=(jane@example.com) already exists.',
        where: 'jane@example.com',
      },
    );
    const [line] = logged((log) => log.error({ error }));
    expect(line?.error).toMatchObject({ code: '23505', table: 'users', constraint: 'users_email_key' });
    expect(JSON.stringify(line)).not.toContain('jane');
  });

  test('keeps to itself which value it was that PostgreSQL could not read', () => {
    const error = Object.assign(new DatabaseError('invalid input syntax for type integer: "jane"'), {
      code: '22P02',
    });
    const [line] = logged((log) => log.error({ error }));
    expect(line?.error).toMatchObject({ type: 'DatabaseError', code: '22P02' });
    expect(JSON.stringify(line)).not.toContain('jane');
  });

  test('keeps to itself what was thrown that is no error', () => {
    const [line] = logged((log) => log.error({ error: 'jane' }));
    expect(line?.error).toEqual({ type: 'string', stack: [] });
  });
});
