import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { yamlHtml } from './yaml-html.ts';

/** The text that a browser shows of our HTML. */
function shown(html: string): string {
  return html
    .replaceAll(/<\/?span[^>]*>/g, '')
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

it.each([
  ['a key', 'kind: Canary', '<span class="y-key">kind</span><span class="y-mark">:</span> '],
  ['a text', 'kind: Canary', '<span class="y-text">Canary</span>'],
  ['a number', 'max: 500', '<span class="y-value">500</span>'],
  ['no more than a text', 'port: "8080"', '<span class="y-text">&#34;8080&#34;</span>'],
  ['a truth', 'suspend: true', '<span class="y-value">true</span>'],
  ['a quoted key', '"a b": 1', '<span class="y-key">&#34;a b&#34;</span>'],
  ['a key in a list', '- name: x', '<span class="y-mark">-</span> <span class="y-key">name</span>'],
  ['a comment', 'a: b # why', '<span class="y-comment"># why</span>'],
  ['a text of several lines', 'q: |\n  sum(x)\n  / 2\n', '<span class="y-text">  sum(x)\n  / 2\n</span>'],
])('marks %s', (_, yaml, html) => {
  expect(yamlHtml(yaml)).toContain(html);
});

it('changes no character, whatever the value, and lets nothing become markup', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 3, values: [fc.string(), fc.integer(), fc.boolean()] }), (value) => {
      const text = stringify(value);
      const html = yamlHtml(text);
      expect(shown(html)).toBe(text);
      expect(html.replaceAll(/<\/?span(?: class="y-\w+")?>/g, '')).not.toMatch(/[<>]/);
    }),
  );
});
