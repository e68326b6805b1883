// The spelling of the documentation, by a dictionary of British English and the words of our field.
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import dictionary from 'dictionary-en-gb';
import nspell from 'nspell';
import { ROOT } from '../lib/repo.ts';
import { WORDS } from '../testing/docs/our-words.ts';
import { readPage } from '../testing/docs/page.ts';

const PAGES = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

/** The words of a text: not those with a capital or a figure within, which are names. */
function wordsOf(text: string): string[] {
  const words = text.replaceAll('’', "'").match(/\p{L}[\p{L}\d']*\p{L}/gu) ?? [];
  return words.filter((word) => !/.[A-Z]|\d/.test(word)).map((word) => word.replace(/'s$/, ''));
}

const used = new Set<string>();
let spelling: ReturnType<typeof nspell>;
beforeAll(() => {
  spelling = nspell(dictionary);
});

/** The words of a page that are in no dictionary, each with what may have been meant. */
function misspelt(text: string): string[] {
  const unknown = wordsOf(text).filter((word) => {
    if (spelling.correct(word) || spelling.correct(word.toLowerCase())) return false;
    const ours = WORDS.find((own) => own.toLowerCase() === word.toLowerCase());
    if (ours !== undefined) used.add(ours);
    return ours === undefined;
  });
  return [...new Set(unknown)].map((word) => `${word}: ${spelling.suggest(word).slice(0, 3).join(', ')}`);
}

describe('the documentation', () => {
  test.each(PAGES)('%s is spelt right', (path) => {
    expect(misspelt(readPage(path).prose.join(' '))).toEqual([]);
  });

  test('uses every word that it is given', () => {
    expect(WORDS.filter((word) => !used.has(word))).toEqual([]);
  });
});

test('a word that is spelt wrong is found', () => {
  expect(misspelt('The clusetr is recieved')).toEqual([
    expect.stringMatching(/^clusetr: .*cluster/),
    expect.stringMatching(/^recieved: .*received/),
  ]);
});
