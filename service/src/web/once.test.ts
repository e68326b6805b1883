import { describe, expect, test } from '@jest/globals';
import { createOnce } from './once.ts';

/** Work that counts how often it is done. */
function counted() {
  let times = 0;
  return {
    work: async () => {
      times += 1;
      return times;
    },
    times: () => times,
  };
}

describe('a form', () => {
  test('that is sent twice is done once, and both get what came of it', async () => {
    const once = createOnce();
    const { work, times } = counted();
    expect(await Promise.all([once('a', work), once('a', work)])).toEqual([1, 1]);
    expect([await once('a', work), times()]).toEqual([1, 1]);
  });

  test('is not another', async () => {
    const once = createOnce();
    const { work } = counted();
    expect([await once('a', work), await once('b', work)]).toEqual([1, 2]);
  });

  test('that failed can be sent again', async () => {
    const once = createOnce();
    const failing = () => Promise.reject(new Error('no'));
    await expect(once('a', failing)).rejects.toThrow('no');
    const { work } = counted();
    expect(await once('a', work)).toBe(1);
  });

  test('is remembered for a minute', async () => {
    let now = 0;
    const once = createOnce(() => now);
    const { work } = counted();
    await once('a', work);
    now = 59_999;
    expect(await once('a', work)).toBe(1);
    now = 60_000;
    expect(await once('a', work)).toBe(2);
  });

  test('is forgotten when a thousand others came after it', async () => {
    const once = createOnce();
    const { work, times } = counted();
    for (let form = 0; form <= 1_000; form += 1) await once(String(form), work);
    await once('1000', work);
    expect(times()).toBe(1_001);
    await once('0', work);
    expect(times()).toBe(1_002);
  });
});
