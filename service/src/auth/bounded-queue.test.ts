import { describe, expect, test } from '@jest/globals';
import { boundedQueue } from './bounded-queue.ts';

/** Work that ends when it is told to, and a list of what has begun. */
function jobs() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  return {
    begun,
    job: (name: string) => () => {
      begun.push(name);
      const end = Promise.withResolvers<string>();
      ends.set(name, end);
      return end.promise;
    },
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string) => ends.get(name)?.reject(new Error(`${name} failed`)),
  };
}

const settled = () => new Promise(setImmediate);

const FULL = {
  status: 503,
  errors: { server: ['is busy; please try again in a moment'] },
  retryAfterSeconds: 1,
};

describe('a bounded queue', () => {
  test('does so much at a time, lets so much wait in its order, and turns the rest away', async () => {
    const { begun, job, end } = jobs();
    const queue = boundedQueue({ running: 2, waiting: 2 });
    const results = ['a', 'b', 'c', 'd'].map((name) => queue(job(name)));
    await expect(queue(job('e'))).rejects.toMatchObject(FULL);
    expect(begun).toEqual(['a', 'b']);

    end('b');
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    const late = queue(job('f'));
    end('a');
    await settled();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);

    for (const name of ['c', 'd']) end(name);
    await settled();
    end('f');
    expect(await Promise.all([...results, late])).toEqual(['a', 'b', 'c', 'd', 'f']);
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'f']);
  });

  test('goes on after work that failed', async () => {
    const { begun, job, end, fail } = jobs();
    const queue = boundedQueue({ running: 1, waiting: 1 });
    const [first, second] = [queue(job('a')), queue(job('b'))];
    fail('a');
    await expect(first).rejects.toThrow('a failed');
    expect(begun).toEqual(['a', 'b']);
    end('b');
    expect(await second).toBe('b');
    const third = queue(job('c'));
    end('c');
    expect(await third).toBe('c');
  });
});
