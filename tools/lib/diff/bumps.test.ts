import { describe, expect, test } from '@jest/globals';
import { isOlder } from '../version.ts';
import { follows, splitImage } from './bumps.ts';
import type { Bump } from './report.ts';

describe('an image', () => {
  test.each([
    ['ghcr.io/team/app:1.2.3', 'ghcr.io/team/app', '1.2.3'],
    ['localhost:5000/app:1', 'localhost:5000/app', '1'],
    ['localhost:5000/app', 'localhost:5000/app', ''],
    ['app@sha256:abc', 'app', 'sha256:abc'],
    ['app:1@sha256:abc', 'app', '1@sha256:abc'],
    ['', '', ''],
  ])('%s', (reference, name, version) => {
    expect(splitImage(reference)).toEqual({ name, version });
  });
});

describe('an older version', () => {
  test.each([
    ['1.0.0', '1.0.1'],
    ['1.9.0', '1.10.0'],
    ['v1.0.0', '1.0.1'],
    ['1.0.0-rc.1', '1.0.0'],
    ['1.0.0-rc.2', '1.0.0-rc.10'],
    ['1.0.0-1', '1.0.0-alpha'],
    ['1.0.0-alpha', '1.0.0-alpha.1'],
    ['1.0.0@sha256:aa', '1.0.1@sha256:bb'],
  ])('%s comes before %s, and not the other way round', (older, newer) => {
    expect([isOlder(older, newer), isOlder(newer, older), isOlder(older, older)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each([
    ['sha256:aa', 'sha256:bb'],
    ['latest', '1.0.0'],
    ['1.0.0', '>=1'],
  ])("can't be told of %s and %s", (one, other) => {
    expect([isOlder(one, other), isOlder(other, one)]).toEqual([false, false]);
  });
});

describe('what follows a new version', () => {
  const bump: Bump = {
    what: 'image',
    folder: 'apps/web',
    name: 'ghcr.io/team/web',
    before: '1.2@sha256:aa',
    after: '1.3@sha256:bb',
    older: false,
  };

  test.each([
    ['the image', 'ghcr.io/team/web:1.2@sha256:aa', 'ghcr.io/team/web:1.3@sha256:bb', true],
    ['a label', '1.2', '1.3', true],
    ['a digest', 'sha256:aa', 'sha256:bb', true],
    ['a setting', 'release=1.2 color=blue', 'release=1.3 color=blue', true],
    ['a setting that changed in more', 'release=1.2 color=blue', 'release=1.3 color=red', false],
    ['a longer version', '1.2.1', '1.3.1', false],
    ['a number', 1.2, 1.3, false],
    ['another version', '2.2', '2.3', false],
    ['what stayed', '1.2', '1.2', false],
  ])('%s', (_, before, after, expected) => {
    expect(follows(bump, before, after)).toBe(expected);
  });
});
