import { expect, test } from '@jest/globals';
import { type Config, withTexts } from '../../../config/load.ts';
import { sampleConfig, sampleTexts } from '../../../config/testing/sample.ts';
import { image, minute, Story } from '../../testing/story.ts';
import { editLine, type NewLine } from './edit-line.ts';
import { judgeChange } from './judge-change.ts';
import { parseLines } from './timeline.ts';

const STAGING = 'staging-eu-west-1';
const FREEZE = { from: '2026-11-16', to: '2026-11-17', reason: 'a sale', timeZone: 'UTC' };

/** Prod has had 0.1.0 and 0.2.0; 0.3.0 has proven itself in staging, and 0.4.0 not yet. */
const story = () =>
  new Story()
    .commit(0, { staging: '0.2.0', prod: '0.1.0' })
    .succeeds(5, STAGING)
    .commit(100, { prod: '0.2.0' })
    .commit(200, { staging: '0.3.0' })
    .succeeds(210, STAGING)
    .commit(400, { staging: '0.4.0' });

/** What is said of a change of prod's line, or of another's. */
function judged(line: NewLine, { ring = 'prod', frozen = false } = {}) {
  const texts = sampleTexts();
  const before = editLine(texts.images, 'prod', 'conduit', { value: image('0.2.0') });
  const after = editLine(before, ring, 'conduit', line);
  const sample = sampleConfig();
  const rings = sample.platform.rings.map((ring) =>
    ring.promotion === 'approval' && frozen ? { ...ring, freezes: [FREEZE] } : ring,
  );
  const config: Config = withTexts(
    { ...sample, platform: { ...sample.platform, rings } },
    { ...texts, images: after },
  );
  const { points, statuses } = story();
  expect(statuses).toHaveLength(2);
  const base = { image: parseLines(before), version: parseLines(texts.versions) };
  const knowledge = { points, evidence: story().evidence(), now: minute(500) };
  return judgeChange(config, base, [], knowledge).map(({ ring, name, refused, is }) => [
    `${ring}.${name}`,
    refused ?? is,
  ]);
}

test.each([
  ['what proved itself', { value: image('0.3.0') }, 'a promotion'],
  ['what has not yet', { value: image('0.4.0') }, `no success on ${STAGING} yet`],
  ['what staging never had', { value: image('0.3.1') }, 'never ran in staging'],
  [
    'what prod had before, and says why',
    { value: image('0.1.0'), comment: 'pinned: 0.2.0 is slow' },
    'a roll-back: 0.2.0 is slow',
  ],
  ['what prod had before, and does not say why', { value: image('0.1.0') }, 'never ran in staging'],
  [
    'what prod never had, with a pin',
    { value: image('0.0.9'), comment: 'pinned: 0.2.0 is slow' },
    'never ran in staging',
  ],
])('a change to %s', (_, line, said) => expect(judged(line)).toEqual([['prod.conduit', said]]));

test('a freeze holds a promotion up, and no roll-back', () => {
  const frozen = { frozen: true };
  expect(judged({ value: image('0.3.0') }, frozen)).toEqual([
    ['prod.conduit', 'frozen until 2026-11-17 UTC: a sale'],
  ]);
  expect(judged({ value: image('0.1.0'), comment: 'pinned: slow' }, frozen)).toEqual([
    ['prod.conduit', 'a roll-back: slow'],
  ]);
});

test('what Flux moves, and what does not move, is not judged', () => {
  const marker = '{"$imagepolicy": "flux-system:conduit-dev"}';
  expect(judged({ value: image('9.9.9'), comment: marker }, { ring: 'dev' })).toEqual([]);
  expect(judged({ value: image('0.2.0'), comment: 'pinned: stays for the fair' })).toEqual([]);
});
