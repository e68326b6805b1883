import { describe, expect, test } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import { CANARY_HEALTH } from './canary-health.ts';

interface CanaryStatus {
  phase?: string;
  trackedConfigs?: Record<string, string>;
  lastAppliedSpec?: string;
  lastPromotedSpec?: string;
}

const cel = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });
const { inProgress, failed, current } = CANARY_HEALTH;
const [isInProgress, isFailed, isCurrent] = [inProgress, failed, current].map((text) => cel.parse(text));

/** What Flux makes of a Canary: the first expression that holds decides, and one that cannot be told does not hold. */
function judged(release: string, status?: CanaryStatus): string {
  const canary = {
    metadata: { annotations: { 'slipway.dev/release': release } },
    ...(status && { status }),
  };
  try {
    if (isInProgress?.(canary)) return 'in progress';
    if (isFailed?.(canary)) return 'failed';
    return isCurrent?.(canary) ? 'ready' : 'in progress';
  } catch {
    return 'unknown, asked again';
  }
}

/** What Flagger tracks once it has seen a release, beside what the app itself reads. */
const saw = (release: string) => ({
  trackedConfigs: { [`configmap/${release}`]: 'a1', 'secret/keys': 'b2' },
});

/** The status after a release came to its end. */
const settled = (phase: string, release: string, promoted = release): CanaryStatus => ({
  phase,
  ...saw(release),
  lastAppliedSpec: `pods of ${release}`,
  lastPromotedSpec: `pods of ${promoted}`,
});

describe('a Canary is judged by the release that it names', () => {
  test.each<[string, string, CanaryStatus | undefined, string]>([
    ['one that Flagger has not seen', 'r1', undefined, 'unknown, asked again'],
    ['one that Flagger has no word on', 'r1', {}, 'in progress'],
    ['the first, while its primary starts', 'r1', { phase: 'Initializing' }, 'in progress'],
    ['the first, initialized', 'r1', settled('Initialized', 'r1'), 'ready'],
    ['a new one, before Flagger has seen it', 'r2', settled('Succeeded', 'r1'), 'in progress'],
    ['a new one right after the first', 'r2', settled('Initialized', 'r1'), 'in progress'],
    ...['Waiting', 'Progressing', 'WaitingPromotion', 'Promoting', 'Finalising'].map(
      (phase): [string, string, CanaryStatus, string] => [
        `a new one in ${phase}`,
        'r2',
        { ...settled(phase, 'r2', 'r1') },
        'in progress',
      ],
    ),
    ['a new one, promoted', 'r2', settled('Succeeded', 'r2'), 'ready'],
    ['a new one, rolled back', 'r2', settled('Failed', 'r2', 'r1'), 'failed'],
    [
      'the first, failed before anything was promoted',
      'r1',
      { phase: 'Failed', ...saw('r1'), lastAppliedSpec: 'a' },
      'failed',
    ],
    ['a fix, while the status tells of the failure', 'r3', settled('Failed', 'r2', 'r1'), 'in progress'],
    ['a revert, before Flagger has seen it', 'r1', settled('Failed', 'r2', 'r1'), 'in progress'],
    // Flagger runs nothing for pods that it promoted before: the phase stays.
    ['a revert, which is what runs', 'r1', settled('Failed', 'r1'), 'ready'],
    ['one that is being deleted', 'r1', settled('Terminating', 'r1'), 'in progress'],
  ])('%s', (_, release, status, verdict) => {
    expect(judged(release, status)).toBe(verdict);
  });

  test('a name that only begins like the one it names is another', () => {
    expect(judged('web-release-abc', settled('Succeeded', 'web-release-abcd'))).toBe('in progress');
  });
});
