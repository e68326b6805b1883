import { expect, test } from '@jest/globals';
import { withSection } from './figures.ts';

const PAGE = `# Page

<!-- first -->

old

<!-- end -->

Between.

<!-- second -->

<!-- end -->

After.
`;

test.each([
  ['first', PAGE.replace('\nold\n', '\nnew\n')],
  ['second', PAGE.replace('<!-- second -->\n\n', '<!-- second -->\n\nnew\n\n')],
])('the section of %s gets another text, and all else stays', (command, page) => {
  expect(withSection(PAGE, command, 'new')).toBe(page);
  expect(withSection(page, command, 'new')).toBe(page);
});

test.each([
  ['its own mark', PAGE, 'third'],
  ['the mark of its end', PAGE.slice(0, PAGE.lastIndexOf('<!-- end -->')), 'second'],
])('nothing is written into a page that lacks %s', (_, page, command) => {
  expect(withSection(page, command, 'new')).toBeUndefined();
});
