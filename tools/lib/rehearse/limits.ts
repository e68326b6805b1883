import type { Subject } from '../canary/report/subject.ts';
import { UserError } from '../user-error.ts';

/** Above this, two processors can't both serve and ask, and what is measured is the machine. */
const MOST_REQUESTS_PER_SECOND = 400;

/** How much faster than life a rehearsal goes where nobody says. */
export const DEFAULT_SPEED = 12;

/**
 * Refuses a rehearsal that would measure this machine.
 *
 * @throws UserError that says what to lower
 */
export function refuseTooMuch({ traffic, read }: Subject, speed: number): void {
  const perSecond = speed * (traffic.requestsPerSecond + (read.analysis?.loadTest?.requestsPerSecond ?? 0));
  if (perSecond <= MOST_REQUESTS_PER_SECOND) return;
  throw new UserError(
    `${Math.round(perSecond)} requests a second are more than one machine can ask and answer: lower the speed (--speed), the users' requests (--rps) or the load tester's (--load) to come to ${MOST_REQUESTS_PER_SECOND} or less`,
  );
}
