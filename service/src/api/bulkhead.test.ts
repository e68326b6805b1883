import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Request, Response } from 'express';
import { type Bulkhead, createBulkhead, Full, knownToBulkheads } from './bulkhead.ts';

const PATIENCE_MILLISECONDS = 100;

/** Work that is done when the test says so. */
function pending() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { work: () => promise, done: () => resolve('done') };
}

/** Begins works for one request; the response is given. */
function forRequest(bulkhead: Bulkhead, ...works: (() => Promise<string>)[]) {
  const response = new EventEmitter();
  const replies: Promise<string>[] = [];
  knownToBulkheads({} as Request, response as unknown as Response, () => {
    replies.push(...works.map((work) => bulkhead(work)));
  });
  return { response, replies };
}

const answered = async () => 'answered';
/** Whether another request finds no place, now or within the time that it may wait. */
const isFull = (bulkhead: Bulkhead) =>
  bulkhead(answered).then(
    () => false,
    (error) => error instanceof Full,
  );

describe('a bulkhead', () => {
  test('gives what the work gives, or what it throws', async () => {
    const bulkhead = createBulkhead(1, PATIENCE_MILLISECONDS);
    expect(await bulkhead(answered)).toBe('answered');
    await expect(bulkhead(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await bulkhead(answered)).toBe('answered');
  });

  test('lets one more wait for a place, but no longer than it has patience', async () => {
    const bulkhead = createBulkhead(2, PATIENCE_MILLISECONDS);
    const works = [pending(), pending()];
    const replies = works.map(({ work }) => bulkhead(work));
    const start = performance.now();
    const third = bulkhead(answered);
    works[0]?.done();
    expect(await third).toBe('answered');
    expect(performance.now() - start).toBeLessThan(PATIENCE_MILLISECONDS);

    const more = [pending(), pending()];
    replies.push(bulkhead((more[0] as (typeof more)[0]).work));
    expect(await isFull(bulkhead)).toBe(true);
    expect(performance.now() - start).toBeGreaterThan(PATIENCE_MILLISECONDS - 10);
    for (const { done } of [...works, ...more]) done();
    await Promise.all(replies);
  });

  test('lets nobody wait where somebody has waited too long already', async () => {
    const bulkhead = createBulkhead(1, PATIENCE_MILLISECONDS);
    const slow = pending();
    const reply = bulkhead(slow.work);
    await wait(PATIENCE_MILLISECONDS + 10);
    const start = performance.now();
    expect(await isFull(bulkhead)).toBe(true);
    expect(performance.now() - start).toBeLessThan(PATIENCE_MILLISECONDS / 2);
    slow.done();
    await reply;
    expect(await isFull(bulkhead)).toBe(false);
  });

  test('serves those who wait in the order in which they came', async () => {
    const bulkhead = createBulkhead(1, PATIENCE_MILLISECONDS);
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3, 4].map((number) =>
        bulkhead(async () => {
          await wait(5);
          order.push(number);
        }),
      ),
    );
    expect(order).toEqual([1, 2, 3, 4]);
  });

  test('counts the works of one request once, until the last of them is done', async () => {
    const bulkhead = createBulkhead(1, PATIENCE_MILLISECONDS);
    const [first, second] = [pending(), pending()];
    const { replies } = forRequest(bulkhead, first.work, second.work);
    first.done();
    await replies[0];
    expect(await isFull(bulkhead)).toBe(true);
    second.done();
    await replies[1];
    expect(await isFull(bulkhead)).toBe(false);
  });

  test('gives all works of a request that waits the same place', async () => {
    const bulkhead = createBulkhead(1, PATIENCE_MILLISECONDS);
    const slow = pending();
    const before = bulkhead(slow.work);
    const { replies } = forRequest(bulkhead, answered, answered);
    slow.done();
    expect(await Promise.all([before, ...replies])).toEqual(['done', 'answered', 'answered']);
  });

  test('has the place of a request again that was answered without its work', async () => {
    const bulkhead = createBulkhead(1, PATIENCE_MILLISECONDS);
    const [slow, later] = [pending(), pending()];
    const { replies, response } = forRequest(bulkhead, slow.work);
    expect(await isFull(bulkhead)).toBe(true);
    response.emit('close');
    expect(await isFull(bulkhead)).toBe(false);
    // What it left undone ends some time, and takes nobody's place away.
    const taken = bulkhead(later.work);
    slow.done();
    await Promise.all(replies);
    expect(await isFull(bulkhead)).toBe(true);
    later.done();
    await taken;
  });
});
