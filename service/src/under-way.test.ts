import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Entry, UnderWay } from './under-way.ts';

test('is what was added and not removed, in the order in which it was added', () => {
  // Each number adds something, or removes one of those that are there.
  const steps = fc.array(fc.nat({ max: 20 }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (numbers) => {
      const underWay = new UnderWay<number>();
      const expected: { item: number; entry: Entry<number> }[] = [];
      for (const [item, number] of numbers.entries()) {
        const [removed] = number % 2 === 0 ? [] : expected.splice(number % (expected.length || 1), 1);
        if (removed === undefined) expected.push({ item, entry: underWay.add(item) });
        else underWay.remove(removed.entry);
        expect([...underWay]).toEqual(expected.map(({ item }) => item));
        expect(underWay.size).toBe(expected.length);
      }
    }),
  );
});

test('each may be removed while all are looked at', () => {
  const underWay = new UnderWay<string>();
  const entries = new Map(['a', 'b', 'c'].map((item) => [item, underWay.add(item)]));
  const seen: string[] = [];
  for (const item of underWay) {
    seen.push(item);
    underWay.remove(entries.get(item) as Entry<string>);
  }
  expect([seen, underWay.size, [...underWay]]).toEqual([['a', 'b', 'c'], 0, []]);
});

test('what was removed leads to nothing that is there', () => {
  const underWay = new UnderWay<string>();
  const entry = underWay.add('a');
  underWay.add('b');
  underWay.remove(entry);
  expect(entry).toEqual({ item: 'a', before: undefined, after: undefined });
});
