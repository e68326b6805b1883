import type { Platform } from '../../../../config/schema.ts';
import type { Finding } from '../../check/finding.ts';
import type { Manifest } from '../../dist/manifests.ts';
import { BROKEN, HEALTHY } from '../odds/assumptions.ts';
import { subjectsOfDist } from './from-dist.ts';
import { planSubject } from './plan-subject.ts';

/** The share of users that an A/B test is taken to match where nobody says it. */
const MATCHED = 0.1;

/**
 * The canaries whose odds are worse than they may be.
 *
 * @param manifests what the code compiles to
 * @returns `wrong` where the config asks for limits, and where a release would never end; `doubtful` where nobody has asked
 */
export function oddsFindings(
  manifests: readonly Manifest[],
  platform: Platform,
): { wrong: Finding[]; doubtful: Finding[] } {
  const found = subjectsOfDist(manifests, platform).flatMap((subject) => {
    const { report } = planSubject(subject, {
      assumptions: { healthy: HEALTHY, broken: BROKEN },
      matched: MATCHED,
    });
    const { requestsPerSecond, isAssumed } = subject.traffic;
    const at = `at ${requestsPerSecond} requests/s${isAssumed ? ' (assumed: say it in "traffic")' : ''}`;
    return [
      ...report.refused.map((says) => ({ isWrong: true, where: subject.where, says })),
      ...report.breaches.map((breach) => ({
        isWrong: subject.limits.isAsked,
        where: subject.where,
        says: `Canary ${subject.read.name}: ${at} ${breach}; \`npm run plan -- --suggest\` finds better settings`,
      })),
    ];
  });
  const of = (isWrong: boolean) =>
    found.filter((one) => one.isWrong === isWrong).map(({ where, says }) => ({ where, says }));
  return { wrong: of(true), doubtful: of(false) };
}
