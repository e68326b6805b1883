import { describe, expect, test } from '@jest/globals';
import { createArticleBody } from './article-body.ts';

const MOMENTS = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'] as const;

/** A renderer that says what it has rendered. */
function recorded(room?: number) {
  const rendered: string[] = [];
  const render = (text: string) => {
    rendered.push(text);
    return `<p>${text}</p>`;
  };
  const bodyOf = createArticleBody({ render, ...(room === undefined ? {} : { room }) });
  return {
    rendered,
    show: (slug: string, body: string, at = 0) => bodyOf({ slug, body, updatedAt: MOMENTS[at] ?? '' }),
  };
}

describe('the body of an article', () => {
  test('is rendered once, and anew when it has changed', () => {
    const { rendered, show } = recorded();
    expect([show('a', 'one'), show('a', 'one'), show('a', 'two', 1)]).toEqual([
      '<p>one</p>',
      '<p>one</p>',
      '<p>two</p>',
    ]);
    expect(rendered).toEqual(['one', 'two']);
  });

  test('is not another’s of the same moment', () => {
    const { show } = recorded();
    expect([show('a', 'one'), show('b', 'two')]).toEqual(['<p>one</p>', '<p>two</p>']);
  });

  test('is forgotten when there is no room, what was shown longest ago first', () => {
    // Each takes ten characters: there is room for two.
    const { rendered, show } = recorded(20);
    show('a', 'aaa');
    show('b', 'bbb');
    show('a', 'aaa');
    show('c', 'ccc');
    show('a', 'aaa');
    expect(rendered).toEqual(['aaa', 'bbb', 'ccc']);
    show('b', 'bbb');
    expect(rendered).toEqual(['aaa', 'bbb', 'ccc', 'bbb']);
  });

  test('that is larger than all the room is shown, and not kept', () => {
    const { rendered, show } = recorded(5);
    expect([show('a', 'aaa'), show('a', 'aaa')]).toEqual(['<p>aaa</p>', '<p>aaa</p>']);
    expect(rendered).toHaveLength(2);
  });
});
