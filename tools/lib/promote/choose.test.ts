import { describe, expect, test } from '@jest/globals';
import { image, minute, Story } from '../../testing/story.ts';
import { choose, refuse } from './choose.ts';
import { shortVersion } from './runs.ts';

const SOAK = 60;

/** Any text with this in it, where the type asks for a text. */
const containing = (text: string) => expect.stringContaining(text) as unknown as string;
const UP_TO_DATE = containing('up to date');

/** What is decided about prod after staging, or about another pair of rings. */
function decide(
  story: Story,
  now: number,
  { ring = 'prod', before = 'staging', clusters = ['s1'], earlier = [] as string[] } = {},
) {
  const places = clusters.map((cluster) => ({ cluster, kustomization: 'conduit' }));
  const subject = {
    kind: 'image' as const,
    name: 'conduit',
    ring,
    line: story.line(ring),
    before: { ring: before, places, earlier },
  };
  const grounds = {
    points: story.points,
    evidence: story.evidence(),
    soakMinutes: SOAK,
    now: minute(now),
  };
  return { subject, grounds, decision: choose(subject, grounds) };
}

/** The version it moves to, `-` for none; why; and what was left, each with its reason. */
function told(story: Story, now: number, given?: Parameters<typeof decide>[2]) {
  const { to, why, left } = decide(story, now, given).decision;
  return [
    to === undefined ? '-' : shortVersion(to),
    why,
    ...left.map(({ value, why }) => `${shortVersion(value)}: ${why}`),
  ];
}

const began = () => new Story().commit(0, { staging: '1.0.0', prod: '1.0.0' }).succeeds(5, 's1', 's2', 'p1');
/** 1.1.0 in staging from minute 100 on, where it succeeded at 110. */
const bumped = () => began().commit(100, { staging: '1.1.0' }).succeeds(110, 's1');

describe('what is promoted is the newest image that', () => {
  test.each<[string, Story, number, string[]]>([
    [
      'succeeded and soaked',
      bumped(),
      170,
      ['1.1.0', 'succeeded in staging on 2026-11-16 01:50 UTC, soaked 1 h'],
    ],
    [
      'did so to the minute',
      bumped(),
      169,
      [
        '-',
        'up to date: succeeded in staging on 2026-11-16 00:05 UTC, soaked 1 h 35 min',
        '1.1.0: soaks in staging for 1 h, until 2026-11-16 02:50 UTC',
      ],
    ],
    ['had succeeded by then', bumped(), 105, ['-', UP_TO_DATE, '1.1.0: no success on s1 yet']],
    ['had not failed by then', bumped().says(180, 's1', 'failure'), 170, ['1.1.0', containing('soaked 1 h')]],
    [
      'succeeded at all',
      began().commit(100, { staging: '1.1.0' }),
      500,
      ['-', UP_TO_DATE, '1.1.0: no success on s1 yet'],
    ],
    [
      'succeeded on a commit that only synced it again',
      began().commit(100, { staging: '1.1.0' }).commit(105).succeeds(110, 's1'),
      170,
      ['1.1.0', containing('soaked 1 h')],
    ],
    [
      'soaked since it first succeeded, though later commits say it again',
      bumped().commit(150).succeeds(155, 's1'),
      170,
      ['1.1.0', 'succeeded in staging on 2026-11-16 01:50 UTC, soaked 1 h'],
    ],
    [
      'succeeded, and not one whose success was said of the image before it',
      // Flux ends its look at the commit before, and says so, when the bump is already there.
      began().commit(100, { staging: '1.1.0' }).says(101, 's1', 'success', 1),
      500,
      ['-', UP_TO_DATE, '1.1.0: no success on s1 yet'],
    ],
    [
      'did not fail later',
      bumped().commit(200).says(205, 's1', 'failure'),
      500,
      ['-', UP_TO_DATE, '1.1.0: failed on 2026-11-16 03:25 UTC in staging: conduit on s1, at c200000000'],
    ],
    [
      'failed, recovered, and has soaked since',
      bumped().commit(200).says(205, 's1', 'failure').says(220, 's1', 'success'),
      280,
      ['1.1.0', 'succeeded in staging on 2026-11-16 03:40 UTC, soaked 1 h'],
    ],
    [
      'failed, recovered, and has not soaked since',
      bumped().commit(200).says(205, 's1', 'failure').says(220, 's1', 'success'),
      279,
      ['-', UP_TO_DATE, '1.1.0: soaks in staging for 1 h, until 2026-11-16 04:40 UTC'],
    ],
    [
      'soaked before another replaced it',
      bumped().commit(170, { staging: '1.2.0' }),
      175,
      ['1.1.0', containing('soaked 1 h'), '1.2.0: no success on s1 yet'],
    ],
    [
      'was not replaced before it had soaked',
      bumped().commit(140, { staging: '1.2.0' }).succeeds(150, 's1'),
      205,
      [
        '-',
        UP_TO_DATE,
        '1.2.0: soaks in staging for 1 h, until 2026-11-16 03:30 UTC',
        '1.1.0: replaced by 1.2.0 on 2026-11-16 02:20 UTC, after 30 min of 1 h',
      ],
    ],
    [
      'is no pre-release',
      began().commit(100, { staging: '1.1.0-rc.1' }).succeeds(110, 's1'),
      500,
      ['-', UP_TO_DATE, '1.1.0-rc.1: a pre-release, and prod takes releases'],
    ],
    [
      'is the same but for the digest that says what it is',
      began()
        .commit(100, { staging: `1.0.0@sha256:${'a'.repeat(64)}` })
        .succeeds(110, 's1'),
      200,
      ['1.0.0', containing('soaked')],
    ],
    [
      'came last, where tags have no order',
      new Story()
        .commit(0, { staging: 'main-aa', prod: 'main-aa' })
        .succeeds(5, 's1')
        .commit(100, { staging: 'main-99' })
        .succeeds(110, 's1'),
      200,
      ['main-99', containing('soaked')],
    ],
  ])('%s', (_, story, now, expected) => expect(told(story, now)).toEqual(expected));
});

describe('a ring before that went back', () => {
  const back = (pinned?: string) =>
    bumped()
      .commit(200, { staging: pinned === undefined ? '1.0.0' : ['1.0.0', pinned] })
      .succeeds(205, 's1');

  test.each<[string, Story, number, string[]]>([
    [
      'takes the image out that it went back from',
      back('1.1.0 loses sessions'),
      500,
      [
        '-',
        'up to date: succeeded in staging on 2026-11-16 03:25 UTC, soaked 4 h 55 min, pinned there: 1.1.0 loses sessions',
        '1.1.0: staging went back to 1.0.0 on 2026-11-16 03:20 UTC: 1.1.0 loses sessions',
      ],
    ],
    [
      'takes those out that came between, too',
      bumped().commit(200, { staging: '1.2.0' }).succeeds(210, 's1').commit(300, { staging: '1.0.0' }),
      500,
      [
        '-',
        UP_TO_DATE,
        '1.2.0: staging went back to 1.0.0 on 2026-11-16 05:00 UTC',
        '1.1.0: staging went back to 1.0.0 on 2026-11-16 05:00 UTC',
      ],
    ],
    [
      'takes out all that is newer, where it never had what it went back to',
      bumped().commit(200, { staging: '0.9.0' }).succeeds(205, 's1'),
      500,
      [
        '0.9.0',
        'a step back: staging went back to 0.9.0 on 2026-11-16 03:20 UTC',
        '1.1.0: staging went back to 0.9.0 on 2026-11-16 03:20 UTC',
      ],
    ],
    [
      'gives the image another chance when it takes it again',
      back().commit(300, { staging: '1.1.0' }).succeeds(310, 's1'),
      370,
      ['1.1.0', 'succeeded in staging on 2026-11-16 05:10 UTC, soaked 1 h'],
    ],
    [
      'asks it to soak again, whatever it did before',
      back().commit(300, { staging: '1.1.0' }).succeeds(310, 's1'),
      369,
      ['-', UP_TO_DATE, '1.1.0: soaks in staging for 1 h, until 2026-11-16 06:10 UTC'],
    ],
    [
      'needs no second proof of what it went back to',
      back().commit(206),
      207,
      [
        '-',
        containing('up to date: succeeded in staging on 2026-11-16 00:05 UTC'),
        containing('1.1.0: staging went back'),
      ],
    ],
  ])('%s', (_, story, now, expected) => expect(told(story, now)).toEqual(expected));

  test('takes the ring after it along, and says so', () => {
    const story = bumped().commit(180, { prod: '1.1.0' }).succeeds(185, 'p1');
    story.commit(200, { staging: ['1.0.0', '1.1.0 loses sessions'] }).succeeds(205, 's1');
    expect(told(story, 300)).toEqual([
      '1.0.0',
      'a step back: staging went back to 1.0.0 on 2026-11-16 03:20 UTC: 1.1.0 loses sessions',
    ]);
  });
});

describe('a ring does not go back by itself', () => {
  test('where the ring before only failed', () => {
    const story = bumped().commit(180, { prod: '1.1.0' }).commit(200).says(205, 's1', 'failure');
    expect(told(story, 500)[0]).toBe('-');
    expect(told(story, 500)[1]).toBe(
      'prod has 1.1.0, which is newer than 1.0.0; it failed on 2026-11-16 03:25 UTC in staging: conduit on s1, at c300000000. Whether to go back is yours: npm run rollback',
    );
  });

  test('where somebody moved it past the ring before', () => {
    const story = bumped().commit(200, { prod: '1.5.0' });
    expect(told(story, 500)).toEqual([
      '-',
      'prod has 1.5.0, which is newer than 1.1.0; staging never ran it',
    ]);
  });
});

describe('a ring that went back itself', () => {
  const back = (pinned?: string) =>
    bumped()
      .commit(180, { prod: '1.1.0' })
      .commit(300, { prod: pinned === undefined ? '1.0.0' : ['1.0.0', pinned] });

  test.each<[string, Story, number, string[]]>([
    ['is left alone while it is pinned', back('slow in prod'), 500, ['-', 'pinned: slow in prod']],
    [
      'is not sent there again',
      back(),
      500,
      ['-', UP_TO_DATE, '1.1.0: prod itself went back from it on 2026-11-16 05:00 UTC'],
    ],
    [
      'is sent there again when the pin is taken away',
      back('slow in prod').commit(400, { prod: '1.0.0' }),
      500,
      ['1.1.0', containing('soaked')],
    ],
    [
      'is not sent there again for a pin that was taken away before',
      began()
        .commit(50, { prod: ['1.0.0', 'a holiday'] })
        .commit(60, { prod: '1.0.0' })
        .commit(100, { staging: '1.1.0' })
        .succeeds(110, 's1')
        .commit(180, { prod: '1.1.0' })
        .commit(300, { prod: '1.0.0' }),
      500,
      ['-', UP_TO_DATE, containing('1.1.0: prod itself went back from it')],
    ],
    [
      'is sent to the next image as ever',
      back().commit(400, { staging: '1.2.0' }).succeeds(410, 's1'),
      500,
      ['1.2.0', containing('soaked 1 h 30 min')],
    ],
    [
      'is sent there again when the ring before has been through it once more',
      back().commit(400, { staging: '1.0.0' }).commit(410, { staging: '1.1.0' }).succeeds(420, 's1'),
      500,
      ['1.1.0', containing('soaked 1 h 20 min')],
    ],
  ])('%s', (_, story, now, expected) => expect(told(story, now)).toEqual(expected));
});

describe('a ring before with several clusters', () => {
  const clusters = ['s1', 's2'];

  test('must have succeeded on all of them', () => {
    expect(told(bumped(), 500, { clusters })).toEqual([
      '-',
      expect.stringContaining('on 2 clusters'),
      '1.1.0: no success on s2 yet',
    ]);
  });

  test('soaks from when the last of them had succeeded', () => {
    const story = bumped().succeeds(140, 's2');
    expect(told(story, 199, { clusters })[0]).toBe('-');
    expect(told(story, 200, { clusters })).toEqual([
      '1.1.0',
      'succeeded in staging on 2 clusters on 2026-11-16 02:20 UTC, soaked 1 h',
    ]);
  });

  test('is failed by one of them', () => {
    const story = bumped().succeeds(140, 's2').commit(300).says(305, 's2', 'failure');
    expect(told(story, 500, { clusters })[2]).toContain('1.1.0: failed on');
  });
});

describe('a second region that is a ring of its own', () => {
  const after = { ring: 'prod-2', before: 'prod', clusters: ['p1'], earlier: ['staging'] };
  const story = () => {
    const story = new Story().commit(0, { staging: '1.0.0', prod: '1.0.0', 'prod-2': '1.0.0' });
    story.succeeds(5, 's1', 'p1', 'p2').commit(100, { staging: '1.1.0' }).succeeds(110, 's1');
    return story;
  };

  test('does not move with the first', () => {
    expect(told(story(), 500)[0]).toBe('1.1.0');
    expect(told(story(), 500, after)).toEqual(['-', expect.stringContaining('up to date')]);
  });

  test('moves when the first has succeeded and soaked', () => {
    const moved = story().commit(200, { prod: '1.1.0' });
    expect(told(moved, 500, after)[2]).toBe('1.1.0: no success on p1 yet');
    moved.succeeds(230, 'p1');
    expect(told(moved, 289, after)[0]).toBe('-');
    expect(told(moved, 290, after)).toEqual([
      '1.1.0',
      'succeeded in prod on 2026-11-16 03:50 UTC, soaked 1 h',
    ]);
  });

  test('does not move when the first went back', () => {
    const moved = story().commit(200, { prod: '1.1.0' }).succeeds(230, 'p1');
    moved.commit(240, { prod: ['1.0.0', 'slow'] });
    expect(told(moved, 500, after)[2]).toContain('1.1.0: prod went back to 1.0.0');
  });
});

test('a second region does not take what staging has gone back from, though the first still has it, until staging has it again', () => {
  const story = new Story().commit(0, { staging: '1.0.0', prod: '1.0.0', 'prod-2': '1.0.0' });
  story.succeeds(5, 's1', 'p1').commit(100, { staging: '1.1.0', prod: '1.1.0' }).succeeds(110, 's1', 'p1');
  const after = { ring: 'prod-2', before: 'prod', clusters: ['p1'], earlier: ['staging'] };
  expect(told(story, 200, after)[0]).toBe('1.1.0');
  story.commit(190, { staging: ['1.0.0', 'loses mail'] });
  expect(told(story, 200, after)).toEqual([
    '-',
    UP_TO_DATE,
    '1.1.0: staging went back to 1.0.0 on 2026-11-16 03:10 UTC: loses mail',
  ]);
  story.commit(195, { staging: '1.1.0' });
  expect(told(story, 200, after)[0]).toBe('1.1.0');
});

test('nothing that is said or done later counts', () => {
  const story = bumped().commit(300, { staging: '1.0.0' }).says(305, 's1', 'failure');
  expect(told(story, 170)[0]).toBe('1.1.0');
});

test('an app that runs in no ring before stays', () => {
  const { subject, grounds } = decide(bumped(), 500);
  const { before: _, ...alone } = subject;
  expect(choose(alone, grounds)).toMatchObject({ why: expect.stringContaining('runs in no ring before') });
});

describe('a proposed value', () => {
  const refused = (story: Story, version: string, now = 500) => {
    const { subject, grounds } = decide(story, now);
    return refuse(image(version), subject, grounds);
  };

  test('is fine when it is proven, though a newer one may be', () => {
    const story = bumped().commit(200, { staging: '1.2.0' }).succeeds(210, 's1');
    expect([refused(story, '1.1.0'), refused(story, '1.2.0')]).toEqual([undefined, undefined]);
  });

  test.each([
    ['1.2.0', 'never ran in staging'],
    ['1.1.0-rc.1', 'a pre-release, and prod takes releases'],
  ])('%s is refused: %s', (version, why) => expect(refused(bumped(), version)).toBe(why));

  test('is refused when it is a step back that nobody made before', () => {
    const story = bumped().commit(180, { prod: '1.1.0' });
    expect(refused(story, '1.0.0')).toBe(
      'prod has 1.1.0, which is newer than 1.0.0, and staging did not go back from it',
    );
  });
});
