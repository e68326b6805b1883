import { describe, expect, test } from '@jest/globals';
import { setLine } from './apply-image-updates.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const updates = new Map([
  ['flux-system:example', 'localhost:5000/team/app:1.10'],
  ['flux-system:pinned', `ghcr.io/team/app:2.0.0@${DIGEST}`],
]);

describe("Flux's image automation", () => {
  test.each([
    [
      'a whole reference',
      '        image: old:1 # {"$imagepolicy": "flux-system:example"}',
      '        image: localhost:5000/team/app:1.10 # {"$imagepolicy": "flux-system:example"}',
    ],
    [
      'an item of a list',
      '- image: old:1 # {"$imagepolicy": "flux-system:pinned"}',
      `- image: ghcr.io/team/app:2.0.0@${DIGEST} # {"$imagepolicy": "flux-system:pinned"}`,
    ],
    [
      'a tag in its quotes',
      'tag: "1.9" # {"$imagepolicy": "flux-system:example:tag"}',
      'tag: "1.10" # {"$imagepolicy": "flux-system:example:tag"}',
    ],
    [
      'a name without its tag',
      'repository: old # {"$imagepolicy": "flux-system:example:name"}',
      'repository: localhost:5000/team/app # {"$imagepolicy": "flux-system:example:name"}',
    ],
    [
      'a digest',
      `digest: sha256:0 # {"$imagepolicy": "flux-system:pinned:digest"}`,
      `digest: ${DIGEST} # {"$imagepolicy": "flux-system:pinned:digest"}`,
    ],
  ])('sets %s', (_, before, after) => {
    expect(setLine(before, updates)).toBe(after);
  });

  test.each([
    ['a policy that chose nothing', 'image: old:1 # {"$imagepolicy": "flux-system:other"}'],
    ['a marker without a space before it', 'image: old:1 #{"$imagepolicy": "flux-system:example"}'],
    [
      'a comment with more than the marker',
      'image: old:1 # {"$imagepolicy": "flux-system:example"} and more',
    ],
    ['a text that looks like a marker', `says: '# {"$imagepolicy": "flux-system:example"}'`],
    ['a line without a marker', 'image: old:1'],
  ])('leaves %s alone', (_, line) => {
    expect(setLine(line, updates)).toBe(line);
  });
});
