import { expect, test } from '@jest/globals';
import { image, Story } from '../../testing/story.ts';
import { ringHistory } from '../promote/runs.ts';
import { findImage } from './find-image.ts';

const DIGEST = `sha256:${'d'.repeat(64)}`;

/** The image that is found of those that prod had, oldest first. */
function find(wanted: string, ...versions: string[]): string {
  const story = versions.reduce((so, version, index) => so.commit(index, { prod: version }), new Story());
  return findImage(ringHistory(story.points, 'image', 'prod', 'conduit').runs, wanted, 'conduit in prod');
}

test.each([
  ['a version', '1.1.0'],
  ['a whole reference', image('1.1.0')],
])('%s is the image of that version', (_, wanted) => {
  expect(find(wanted, '1.0.0', '1.1.0', '1.2.0')).toBe(image('1.1.0'));
});

test('a version with a digest comes before one without, whichever came first', () => {
  expect(find('1.1.0', `1.1.0@${DIGEST}`, '1.1.0', '1.2.0')).toBe(image(`1.1.0@${DIGEST}`));
  expect(find('1.1.0', '1.1.0', `1.1.0@${DIGEST}`, '1.2.0')).toBe(image(`1.1.0@${DIGEST}`));
});

test('of two builds under one tag it is the newer', () => {
  const other = `sha256:${'e'.repeat(64)}`;
  expect(find('1.1.0', `1.1.0@${DIGEST}`, `1.1.0@${other}`, '1.2.0')).toBe(image(`1.1.0@${other}`));
  expect(find(`1.1.0@${DIGEST}`, `1.1.0@${DIGEST}`, `1.1.0@${other}`)).toBe(image(`1.1.0@${DIGEST}`));
});

test('of many it says the newest ten, and how many more there were', () => {
  const versions = Array.from({ length: 13 }, (_, minor) => `1.${minor}.0`);
  expect(() => find('2.0.0', ...versions)).toThrow(
    /^--to: found no "2\.0\.0" of conduit in prod; there were: 1\.12\.0 \(now\), 1\.11\.0 \(until .*, 1\.3\.0 \(until [^)]*\), and 3 more$/,
  );
});

test('where nothing ever stood there it says what may be missing', () => {
  expect(() => find('1.0.0')).toThrow(
    '--to: found no "1.0.0" of conduit in prod; the history here has no image of it (a shallow clone? git fetch --unshallow)',
  );
});
