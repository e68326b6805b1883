/** Flagger's words for where a release stands. */
export type Phase =
  | 'Initialized'
  | 'Waiting'
  | 'Progressing'
  | 'WaitingPromotion'
  | 'Promoting'
  | 'Finalising'
  | 'Succeeded'
  | 'Failed';

/** What Flagger keeps of a release between two ticks. */
export interface State {
  readonly phase: Phase;
  /** Percent of the users' requests that go to the new version: in an A/B test, of those that match. */
  readonly weight: number;
  /** Failed checks so far. One that passes forgives none. */
  readonly failed: number;
  /** Of blue/green and A/B, how often it has moved on. */
  readonly iteration: number;
  /** The revision that it judges, or has judged last. */
  readonly revision: string;
}

/** Where a canary stands that has never had a release. */
export function initialized(revision: string): State {
  return { phase: 'Initialized', weight: 0, failed: 0, iteration: 0, revision };
}

/** Whether a release has ended, one way or the other. */
export function hasEnded({ phase }: State): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Whether a release is being judged: until it is promoted or rolled back. */
export function isJudged({ phase }: State): boolean {
  return phase === 'Progressing' || phase === 'WaitingPromotion';
}
