import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCoalesce } from './coalesce.ts';

/** A value that grows, and runs that read it: each sees what is there when it reads, some while after its begin. */
function store() {
  let value = 0;
  let runs = 0;
  let most = 0;
  let now = 0;
  return {
    write: () => {
      value += 1;
      return value;
    },
    read: (ticks: number) => async () => {
      runs += 1;
      now += 1;
      most = Math.max(most, now);
      const seen = value;
      for (let tick = 0; tick < ticks; tick += 1) await new Promise(setImmediate);
      now -= 1;
      return { seen };
    },
    get value() {
      return value;
    },
    get runs() {
      return runs;
    },
    get most() {
      return most;
    },
  };
}

describe('coalesced runs', () => {
  test('never show less than what was written before one asked', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('ask' as const), ticks: fc.nat(4), key: fc.constantFrom('a', 'b') }),
      fc.record({ do: fc.constant('write' as const) }),
      fc.record({ do: fc.constant('wait' as const), ticks: fc.nat(3) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const coalesce = createCoalesce<{ seen: number }>();
        const there = store();
        const asked: { least: number; answer: Promise<{ seen: number }> }[] = [];
        for (const one of steps) {
          if (one.do === 'write') there.write();
          else if (one.do === 'ask')
            asked.push({ least: there.value, answer: coalesce(one.key, there.read(one.ticks)) });
          else for (let tick = 0; tick < one.ticks; tick += 1) await new Promise(setImmediate);
        }
        for (const { least, answer } of asked) expect((await answer).seen).toBeGreaterThanOrEqual(least);
      }),
      { numRuns: 300 },
    );
  });

  test('are one at a time for a key, and as few as can be', async () => {
    const coalesce = createCoalesce<{ seen: number }>();
    const there = store();
    const first = [coalesce('a', there.read(5)), coalesce('a', there.read(5))];
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const second = Array.from({ length: 50 }, () => coalesce('a', there.read(5)));
    const results = await Promise.all([...first, ...second]);
    expect([there.runs, there.most]).toEqual([2, 1]);
    expect(new Set(results).size).toBe(2);
  });

  test('of several keys do not wait for each other', async () => {
    const coalesce = createCoalesce<string>();
    const stuck = coalesce('a', () => new Promise(() => {}));
    expect(await Promise.race([stuck, coalesce('b', async () => 'b')])).toBe('b');
  });

  test('fail for all that share them, and for nobody after', async () => {
    const coalesce = createCoalesce<string>();
    const failing = () => Promise.reject(new Error('broken'));
    const asked = [coalesce('a', failing), coalesce('a', failing)];
    await expect(asked[0]).rejects.toThrow('broken');
    await expect(asked[1]).rejects.toThrow('broken');
    expect(await coalesce('a', async () => 'well')).toBe('well');
  });

  test('begin anew for those who asked while a failing one was under way', async () => {
    const coalesce = createCoalesce<string>();
    const failing = coalesce('a', async () => {
      await new Promise(setImmediate);
      throw new Error('broken');
    });
    failing.catch(() => {});
    await new Promise(setImmediate);
    const next = coalesce('a', async () => 'well');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('well');
  });
});
