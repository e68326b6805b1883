// What holds of every choice, whatever happened before it.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { image, minute, Story } from '../../testing/story.ts';
import { choose, refuse, type Subject } from './choose.ts';

const CLUSTERS = ['s1', 's2'];
const VERSIONS = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.3.0-rc.1'];

type Event =
  | { is: 'bump'; ring: 'staging' | 'prod'; version: string; pinned: boolean }
  | { is: 'succeeded' }
  | { is: 'status'; cluster: string; state: 'success' | 'failure'; commitsAgo: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.constant({ is: 'succeeded' as const }),
  fc.record({
    is: fc.constant('bump' as const),
    ring: fc.constantFrom('staging' as const, 'staging' as const, 'prod' as const),
    version: fc.constantFrom(...VERSIONS),
    pinned: fc.boolean(),
  }),
  fc.record({
    is: fc.constant('status' as const),
    cluster: fc.constantFrom(...CLUSTERS),
    state: fc.constantFrom('success' as const, 'success' as const, 'success' as const, 'failure' as const),
    commitsAgo: fc.nat(2),
  }),
);

/** Events, each some minutes after the one before, and what is asked when they are over. */
const asked = fc
  .record({
    events: fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), event), { maxLength: 25 }),
    rest: fc.integer({ min: 1, max: 120 }),
  })
  .map(({ events, rest }) => {
    const story = new Story().commit(0, { staging: '1.0.0', prod: '1.0.0' });
    let now = 0;
    for (const [later, what] of events) {
      now += later;
      if (what.is === 'succeeded') story.succeeds(now, ...CLUSTERS);
      else if (what.is === 'status') {
        if (what.commitsAgo < story.points.length) story.says(now, what.cluster, what.state, what.commitsAgo);
      } else {
        story.commit(now, { [what.ring]: what.pinned ? [what.version, 'why'] : what.version });
      }
    }
    const places = CLUSTERS.map((cluster) => ({ cluster, kustomization: 'conduit' }));
    const before = { ring: 'staging', places, earlier: [] };
    const subject: Subject = {
      kind: 'image',
      name: 'conduit',
      ring: 'prod',
      line: story.line('prod'),
      before,
    };
    const grounds = {
      points: story.points,
      evidence: story.evidence(),
      soakMinutes: 60,
      now: minute(now + rest),
    };
    return { story, subject, grounds };
  });

const RUNS = { numRuns: 2000 };

describe('a choice', () => {
  test('is made once: with its outcome in place, the same evidence moves nothing', () => {
    fc.assert(
      fc.property(asked, ({ subject, grounds }) => {
        const { to } = choose(subject, grounds);
        if (to === undefined) return;
        expect(choose({ ...subject, line: { value: to } }, grounds).to).toBeUndefined();
      }),
      RUNS,
    );
  });

  test('is one that would be let through as a proposal', () => {
    fc.assert(
      fc.property(asked, ({ subject, grounds }) => {
        const { to } = choose(subject, grounds);
        if (to !== undefined) expect(refuse(to, subject, grounds)).toBeUndefined();
      }),
      RUNS,
    );
  });

  test('has a success on every cluster, after which nothing failed there, and has stood for as long as it must', () => {
    let moved = 0;
    fc.assert(
      fc.property(asked, ({ story, subject, grounds }) => {
        const { to } = choose(subject, grounds);
        if (to === undefined) return;
        moved += 1;
        const stoodAt = new Map(
          story.points.map(({ commit, lines }) => [commit, lines.image.get('staging')?.get('conduit')]),
        );
        const said = story.statuses.filter(({ commit }) => stoodAt.get(commit)?.value === to);
        const soaked = CLUSTERS.map((cluster) => {
          const own = said.filter((status) => status.cluster === cluster);
          expect(own.at(-1)?.state).toBe('success');
          return own.find(({ at, state }) => state === 'success' && at <= grounds.now - 60 * 60_000);
        });
        expect(soaked.every((status) => status !== undefined)).toBe(true);
        expect(to).not.toContain('rc');
      }),
      RUNS,
    );
    expect(moved).toBeGreaterThan(50);
  });

  test('moves no pinned line', () => {
    fc.assert(
      fc.property(asked, ({ subject, grounds }) => {
        expect(
          choose({ ...subject, line: { value: image('1.0.0'), pinned: 'why' } }, grounds).to,
        ).toBeUndefined();
      }),
      RUNS,
    );
  });
});
