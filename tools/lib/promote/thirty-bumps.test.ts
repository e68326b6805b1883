// A branch with thirty bumps of one image, kept by git, and what is promoted at each hour of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Config, withTexts } from '../../../config/load.ts';
import type { Cluster, Platform, Ring } from '../../../config/schema.ts';
import { sampleConfig, sampleTexts } from '../../../config/testing/sample.ts';
import { ScratchBranch } from '../../testing/scratch-branch.ts';
import { editLine, type NewLine } from './edit-line.ts';
import { Evidence, type Status } from './evidence.ts';
import { moves, plan } from './plan.ts';
import { shortVersion } from './runs.ts';
import { FILES, readTimeline } from './timeline.ts';

const BEGIN = Date.parse('2026-11-16T00:00Z');
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A platform with two clusters in staging, a second production region, and a freeze. */
function platform(): Platform {
  const sample = sampleConfig().platform;
  const prod = sample.rings.find(({ name }) => name === 'prod') as Ring & { promotion: 'approval' };
  const like = (name: string, as: string, ring: string): Cluster => ({
    ...(sample.clusters.find((cluster) => cluster.name === as) as Cluster),
    name,
    ring,
  });
  const freezes = [{ from: '2026-11-17T14:00', to: '2026-11-17T20:00', reason: 'a sale', timeZone: 'UTC' }];
  return {
    ...sample,
    rings: [
      ...sample.rings.filter(({ name }) => name !== 'prod'),
      { ...prod, freezes },
      { ...prod, name: 'prod-2' },
    ],
    clusters: [
      ...sample.clusters,
      like('staging-2', 'staging-eu-west-1', 'staging'),
      like('prod-us-east-1', 'prod-eu-west-1', 'prod-2'),
    ],
  };
}

const STAGING = ['staging-eu-west-1', 'staging-2'];
const PROD = ['prod-eu-west-1'];

/** A repo of two files, and what Flux says of its commits. */
class Branch {
  readonly repo = new ScratchBranch();
  readonly statuses: Status[] = [];
  readonly config: Config = { ...sampleConfig(), platform: platform() };

  constructor() {
    const { images, versions } = sampleTexts();
    const rings = (text: string) =>
      `${text}prod-2:\n${text.slice(text.indexOf('\nprod:\n') + '\nprod:\n'.length)}`;
    this.repo.write({ [FILES.image]: rings(images), [FILES.version]: rings(versions) });
    this.repo.commit(BEGIN);
  }

  /** The config as it is now. */
  now(): Config {
    return withTexts(this.config, { images: this.read(FILES.image), versions: this.read(FILES.version) });
  }

  /** Commits a line, as Flux, `npm run rollback` and a merged pull request do. */
  set(at: number, ring: string, line: NewLine): void {
    const value = line.value.includes('/') ? line.value : `ghcr.io/slipway/conduit:${line.value}`;
    this.repo.write({ [FILES.image]: editLine(this.read(FILES.image), ring, 'conduit', { ...line, value }) });
    this.repo.commit(BEGIN + at);
  }

  /** A commit that changes nothing of this. */
  other(at: number): void {
    this.repo.commit(BEGIN + at);
  }

  says(at: number, state: Status['state'], clusters: readonly string[], commitsAgo = 0): void {
    const commit = this.repo.git(at, 'rev-parse', `HEAD~${commitsAgo}`).trim();
    for (const cluster of clusters) {
      this.statuses.push({ cluster, kustomization: 'conduit', commit, state, at: BEGIN + at });
    }
  }

  /** What is decided about conduit in a ring at a time. */
  async decide(at: number, ring: string) {
    const points = await readTimeline(this.repo.root, 'main');
    const knowledge = { points, evidence: new Evidence(this.statuses), now: BEGIN + at };
    const [planned] = plan(this.now(), [ring], knowledge);
    const decision = planned?.decisions.find(({ name }) => name === 'conduit');
    if (planned === undefined || decision === undefined) throw new Error(`nothing about ${ring}`);
    return { ...decision, isMade: moves(planned, decision), closed: planned.closed };
  }

  private read(file: string): string {
    return readFileSync(join(this.repo.root, file), 'utf8');
  }
}

/** What happens in the two hours that each bump has for itself, told in minutes. */
interface Hours {
  /** What staging gets at minute 0. */
  bump: string;
  /** What else happens at which minute: before the look at minute 60, between it and that at 90, or after both. */
  also?: Record<number, (branch: Branch, at: number) => void>;
  /** Whether Flux says at minute 20 that it succeeded on both clusters. @default it does */
  isSilent?: true;
  /** What prod would move to at minute 60, when the bump has soaked 40 of 60 minutes. `-` for nothing. */
  early: string;
  /** What it moves to at minute 90, and then does, by a pull request that is merged at once. */
  late: string;
  /** What prod-2 moves to at minute 90, and then does. Prod succeeds 10 minutes after it has moved. */
  second: string;
  /** What is said about why prod does not take the bump at minute 90. @default it takes it */
  why?: string;
}

const MARKER = '{"$imagepolicy": "flux-system:conduit-staging"}';

const STORY: Hours[] = [
  { bump: '1.0.1', early: '-', late: '1.0.1', second: '-' },
  { bump: '1.0.2', early: '-', late: '1.0.2', second: '1.0.1' },
  { bump: '1.0.3', early: '-', late: '1.0.3', second: '1.0.2' },
  {
    // It fails, and Flagger takes it back.
    bump: '1.0.4',
    isSilent: true,
    also: { 20: (branch, at) => branch.says(at, 'failure', STAGING) },
    early: '-',
    late: '-',
    second: '1.0.3',
    why: 'failed',
  },
  { bump: '1.0.5', early: '-', late: '1.0.5', second: '-' },
  {
    // Another commit cancels the look at the bump, and brings the success.
    bump: '1.0.6',
    isSilent: true,
    also: {
      10: (branch, at) => branch.other(at),
      20: (branch, at) => branch.says(at, 'success', STAGING),
    },
    early: '-',
    late: '1.0.6',
    second: '1.0.5',
  },
  {
    // Replaced when it had soaked for 25 minutes.
    bump: '1.0.7',
    also: {
      45: (branch, at) => branch.set(at, 'staging', { value: '1.0.8' }),
      55: (branch, at) => branch.says(at, 'success', STAGING),
    },
    early: '-',
    late: '-',
    second: '1.0.6',
    why: 'soaks',
  },
  {
    // 1.0.8 had soaked until this came.
    bump: '1.0.9',
    isSilent: true,
    early: '1.0.8',
    late: '1.0.8',
    second: '-',
    why: 'no success',
  },
  {
    // One cluster of two.
    bump: '1.1.0',
    isSilent: true,
    also: { 20: (branch, at) => branch.says(at, 'success', ['staging-2']) },
    early: '-',
    late: '-',
    second: '1.0.8',
    why: 'no success on staging-eu-west-1',
  },
  {
    // It fails only an hour later, when a node goes.
    bump: '1.1.1',
    also: {
      75: (branch, at) => branch.other(at),
      80: (branch, at) => branch.says(at, 'failure', ['staging-2']),
    },
    early: '-',
    late: '-',
    second: '-',
    why: 'failed',
  },
  { bump: '1.1.2', early: '-', late: '1.1.2', second: '-' },
  {
    bump: '1.1.3',
    // Users complain, and staging goes back to 1.1.2.
    also: {
      110: (branch, at) => branch.set(at, 'staging', { value: '1.1.2', comment: 'pinned: 1.1.3 loses mail' }),
    },
    early: '-',
    late: '1.1.3',
    second: '1.1.2',
  },
  {
    // Pinned: nothing comes, and prod goes back too. Prod-2 does not get what prod had tried for long enough.
    bump: '',
    isSilent: true,
    also: { 115: (branch, at) => branch.set(at, 'staging', { value: '1.1.2', comment: MARKER }) },
    early: '1.1.2',
    late: '1.1.2',
    second: '-',
    why: 'staging went back to 1.1.2 on 2026-11-16 23:52 UTC: 1.1.3 loses mail',
  },
  { bump: '1.1.4', early: '-', late: '1.1.4', second: '-' },
  { bump: '1.1.5-rc.1', early: '-', late: '-', second: '1.1.4', why: 'a pre-release' },
  { bump: '1.1.5', early: '-', late: '1.1.5', second: '-' },
  { bump: '1.1.6', early: '-', late: '1.1.6', second: '1.1.5' },
  { bump: '1.1.7', early: '-', late: '1.1.7', second: '1.1.6' },
  { bump: '1.1.8', early: '-', late: '1.1.8', second: '1.1.7' },
  // From here on prod is frozen for six hours; prod-2 is not.
  { bump: '1.1.9', early: '-', late: '(1.1.9)', second: '1.1.8' },
  { bump: '1.1.10', early: '(1.1.9)', late: '(1.1.10)', second: '-' },
  { bump: '1.1.11', early: '(1.1.10)', late: '(1.1.11)', second: '-' },
  { bump: '1.1.12', early: '1.1.11', late: '1.1.12', second: '-' },
  {
    // Prod goes back by itself, and is pinned.
    bump: '1.1.13',
    also: {
      30: (branch, at) => branch.set(at, 'prod', { value: '1.1.8', comment: 'pinned: 1.1.12 is slow' }),
    },
    early: '-',
    late: '-',
    second: '-',
    why: 'pinned: 1.1.12 is slow',
  },
  {
    // It is unpinned, and takes the newest.
    bump: '1.1.14',
    also: { 80: (branch, at) => branch.set(at, 'prod', { value: '1.1.8', comment: '' }) },
    early: '-',
    late: '1.1.14',
    second: '-',
  },
  { bump: `1.1.14@sha256:${'c'.repeat(64)}`, early: '-', late: '1.1.14', second: '1.1.14' },
  {
    // It fails and recovers, and soaks from then on.
    bump: '1.2.0',
    isSilent: true,
    also: {
      15: (branch, at) => branch.says(at, 'failure', STAGING),
      50: (branch, at) => branch.says(at, 'success', STAGING),
    },
    early: '-',
    late: '-',
    second: '1.1.14',
    why: 'soaks in staging for 1 h, until 2026-11-18 05:52 UTC',
  },
  {
    // The success that is said during its look was of the one before.
    bump: '1.2.1',
    isSilent: true,
    also: { 20: (branch, at) => branch.says(at, 'success', STAGING, 1) },
    early: '1.2.0',
    late: '1.2.0',
    second: '-',
    why: 'no success',
  },
  {
    // Staging goes back and forth.
    bump: '1.2.2',
    also: {
      25: (branch, at) => branch.set(at, 'staging', { value: '1.2.1' }),
      28: (branch, at) => branch.set(at, 'staging', { value: '1.2.2' }),
    },
    early: '-',
    late: '-',
    second: '1.2.0',
    why: 'no success',
  },
  { bump: '1.3.0', early: '-', late: '1.3.0', second: '-' },
];

let branch: Branch;
beforeAll(() => {
  branch = new Branch();
});
afterAll(() => branch.repo[Symbol.dispose]());

/** `-` where it stays; in brackets where it would move, but the ring is closed. */
const told = ({ to, isMade }: { to?: string; isMade: boolean }) => {
  if (to === undefined) return '-';
  return isMade ? shortVersion(to) : `(${shortVersion(to)})`;
};

describe('thirty bumps', () => {
  test.each(STORY.map((hours, index) => ({ ...hours, index, name: hours.bump || 'none, pinned' })))(
    'the $index. bump, $name: prod gets $early, then $late; prod-2 gets $second',
    async ({ index, bump, also, isSilent, early, late, second, why }) => {
      const at = (minute: number) => index * 2 * HOUR + (minute + 2) * MINUTE;
      const happens = (from: number, to: number) => {
        const own = isSilent ? {} : { 20: () => branch.says(at(20), 'success', STAGING) };
        for (const [minute, event] of Object.entries({ ...own, ...also })) {
          if (from <= Number(minute) && Number(minute) < to) event(branch, at(Number(minute)));
        }
      };
      if (bump !== '') branch.set(at(0), 'staging', { value: bump });
      happens(0, 60);
      const atSixty = await branch.decide(at(60), 'prod');
      happens(60, 90);
      const atNinety = await branch.decide(at(90), 'prod');
      const other = await branch.decide(at(90), 'prod-2');
      expect([atSixty, atNinety, other].map(told)).toEqual([early, late, second]);
      if (why !== undefined) {
        expect([atNinety.why, ...atNinety.left.map(({ why }) => why)].join('\n')).toContain(why);
      }

      if (atNinety.isMade) {
        branch.set(at(91), 'prod', { value: atNinety.to ?? '' });
        branch.says(at(100), 'success', PROD);
      }
      if (other.isMade) branch.set(at(92), 'prod-2', { value: other.to ?? '' });
      // Asked again about the same, it says the same of what did not move, and that what moved is up to date.
      const again = await branch.decide(at(93), 'prod');
      expect(again.isMade).toBe(false);
      if (atNinety.isMade) expect(again.why).toMatch(/^up to date/);
      happens(90, 120);
    },
  );
});
