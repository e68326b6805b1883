import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMarkdown } from './markdown.ts';

const LENGTH = 200_000;

/** A text of the greatest length made of one piece again and again. */
const many = (piece: string) => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

describe('Markdown', () => {
  test.each([
    ['headings, a step below the title of the article', '# One', '<h1 aria-level="2">One</h1>'],
    ['emphasis', '*a* **b** `c` ~~d~~', '<p><em>a</em> <strong>b</strong> <code>c</code> <s>d</s></p>'],
    ['lists', '- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
    ['quotes and rules', '> a\n\n---', '<blockquote>\n<p>a</p>\n</blockquote>\n<hr>'],
    [
      'code, which the keyboard can scroll',
      '```js\n<b>\n```',
      '<pre tabindex="0"><code>&lt;b&gt;\n</code></pre>',
    ],
    [
      'pictures',
      '![a "b"](https://x.example/y.png)',
      '<p><img src="https://x.example/y.png" alt="a &quot;b&quot;" loading="lazy"></p>',
    ],
    [
      'pictures of our own',
      '![a](/avatars/x/default-avatar.svg)',
      '<p><img src="/avatars/x/default-avatar.svg" alt="a" loading="lazy"></p>',
    ],
    [
      'links that say nothing for what they lead to',
      '[a](https://x.example "title")',
      '<p><a href="https://x.example" rel="nofollow noopener ugc">a</a></p>',
    ],
    [
      'links by reference',
      '[a][1]\n\n[1]: https://x.example',
      '<p><a href="https://x.example" rel="nofollow noopener ugc">a</a></p>',
    ],
    [
      'addresses in angle brackets',
      '<https://x.example> <a@x.example>',
      '<p><a href="https://x.example" rel="nofollow noopener ugc">https://x.example</a> <a href="mailto:a@x.example" rel="nofollow noopener ugc">a@x.example</a></p>',
    ],
  ])('renders %s', (_what, text, html) => {
    expect(renderMarkdown(text).trim()).toBe(html);
  });

  test('aligns the columns of a table without a style', () => {
    const html = renderMarkdown('| a | b |\n| :-: | - |\n| 1 | 2 |');
    expect(html).toContain('<th class="center">a</th>\n<th>b</th>');
    expect(html).toContain('<td class="center">1</td>\n<td>2</td>');
  });
});

describe('what could do harm', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">a</a>',
    '<div style="position:fixed">a</div>',
    '<!-- a --><b>a</b>',
    '<style>*{}</style>',
  ])('raw HTML is shown as text: %s', (text) => {
    for (const html of [renderMarkdown(text), renderMarkdown(`a ${text} b`), renderMarkdown(`> - ${text}`)]) {
      expect(html.replaceAll(/<\/?(p|blockquote|ul|li)>/g, '')).not.toContain('<');
      expect(html).toContain('&lt;');
    }
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'javascript&colon;alert(1)',
    'java&#115;cript:alert(1)',
    '&#x6a;avascript:alert(1)',
    ' javascript:alert(1)',
    '&#1;javascript:alert(1)',
    'java&Tab;script:alert(1)',
    'vbscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xml;base64,PHN2Zy8+',
    'file:///etc/passwd',
    'blob:https://x.example/1',
    'ftp://x.example',
    'https://',
  ])('a link or a picture leads to no %s', (address) => {
    const forms = [
      `[a](<${address}>)`,
      `[a](${address})`,
      `![a](<${address}>)`,
      `<${address}>`,
      `[a]\n\n[a]: <${address}>`,
    ];
    for (const text of forms) {
      for (const [, value = ''] of renderMarkdown(text).matchAll(/(?:href|src)="([^"]*)"/g)) {
        expect(new URL(decode(value), 'https://here.example').protocol).toMatch(/^(https?|mailto):$/);
      }
    }
  });

  test('a picture is loaded over https or from here', () => {
    expect(renderMarkdown('![text](http://x.example/y.png)')).toBe('<p>text</p>\n');
    expect(renderMarkdown('![text](mailto:a@x.example)')).toBe('<p>text</p>\n');
  });

  test.each([
    '[a](https://x.example/"onmouseover="alert(1))',
    '![a](https://x.example/"onerror="alert(1))',
    '![" onerror="alert(1)](https://x.example)',
    '```" onmouseover="alert(1)\na\n```',
    '[a]: https://x.example/"onclick="alert(1)\n\n[a]',
  ])('no attribute gets out of its quotes: %s', (text) => {
    const attributes = [...renderMarkdown(text).matchAll(/ ([a-z-]+)="/g)].map(([, name]) => name);
    for (const name of attributes)
      expect(['href', 'rel', 'src', 'alt', 'loading', 'tabindex']).toContain(name);
  });

  test('whatever the text, nothing else comes out than the elements and attributes of Markdown', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '<script>',
        '</p>',
        '[',
        '](',
        ')',
        '![',
        '<',
        '>',
        '"',
        "'",
        '`',
        '```',
        '\n',
        '\n\n',
        '    ',
      ),
      fc.constantFrom(
        'javascript:',
        '&#106;',
        'https://x',
        'onerror=',
        '|',
        '|-|',
        '# ',
        '- ',
        '1. ',
        '> ',
        '\\',
        '*',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const html = renderMarkdown(pieces.join(''));
        for (const [, tag, attributes = ''] of html.matchAll(/<\/?([a-zA-Z0-9]*)((?: [^>]*)?)>/g)) {
          expect(tag).toMatch(
            /^(a|blockquote|br|code|div|em|h[1-6]|hr|img|li|ol|p|pre|s|strong|table|tbody|td|th|thead|tr|ul)$/,
          );
          expect(
            attributes.replaceAll(
              / (alt|aria-label|aria-level|class|href|loading|rel|role|src|start|tabindex)="[^"]*"/g,
              '',
            ),
          ).toBe('');
        }
        expect(html.replaceAll(/<\/?[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")*>/g, '')).not.toContain('<');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a text of the greatest length', () => {
  // What takes a time that grows with the square of the length takes minutes here, not a second.
  test.each([
    ['brackets', '['.repeat(LENGTH)],
    ['brackets that close', `${'['.repeat(LENGTH / 2)}${']'.repeat(LENGTH / 2)}`],
    ['links that never end', many('[a](')],
    ['pictures that never end', many('![a](<b')],
    ['links', many('[a](b) ')],
    ['emphasis that never ends', many('*a **a ')],
    ['emphasis that never begins', many('a** ')],
    ['crossing emphasis', many('**x* ')],
    ['rows of backticks, each longer', Array.from({ length: 630 }, (_, i) => `e${'`'.repeat(i)}`).join('')],
    ['quotes in quotes', '>'.repeat(LENGTH)],
    ['lists in lists', many('- ')],
    [
      'lines that are deeper and deeper',
      Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}- a`).join('\n'),
    ],
    ['definitions', Array.from({ length: 9_000 }, (_, i) => `[x${i}]: /u`).join('\n')],
    ['definitions that never end', many('[a]: /u "t\n')],
    ['escapes', many('[\\[')],
    ['entities', many('&#x')],
    ['angles', many('<a@b')],
    ['comments', many('<!--')],
    ['a wide table', `|${'a|'.repeat(20_000)}\n|${'-|'.repeat(20_000)}\n${'|x|\n'.repeat(20_000)}`],
    ['a long table', `|a|b|\n|-|-|\n${many('|x|y|\n')}`],
    ['headings', many('a\n=\n')],
  ])('of %s is rendered in a moment', (_what, text) => {
    const start = performance.now();
    renderMarkdown(text.slice(0, LENGTH));
    expect(performance.now() - start).toBeLessThan(8_000);
  });

  test('grows to no more than a few times its size, however often it names one long address', () => {
    const text = `[x]: https://x.example/${'a'.repeat(100_000)}\n\n${'[x]'.repeat(33_000)}`;
    expect(renderMarkdown(text).length).toBeLessThan(10 * LENGTH);
  });
});

function decode(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
