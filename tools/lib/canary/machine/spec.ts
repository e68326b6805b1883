// What of a Canary's analysis moves a release on. Nothing here or beside it needs Node: it runs in a browser too.

/** How Flagger moves a release on. */
export interface MachineSpec {
  progress: Progress;
  /** Failed checks after which a release is rolled back; 1 or more. */
  threshold: number;
  /** Percent by which the traffic returns to the primary at each tick of a promotion. @default all at once */
  promotionStep?: number | undefined;
  /** Whether a new version is promoted as soon as it is ready, without any check. @default false */
  skipAnalysis?: boolean | undefined;
}

/** The ways on which users reach a new version. */
export type Progress = EvenWeights | ListedWeights | BlueGreen | AbTest;

/** So many percent more at each step, until the maximum is reached or passed. */
export interface EvenWeights {
  kind: 'evenWeights';
  step: number;
  max: number;
}

/** Each step's percentage by name, rising. */
export interface ListedWeights {
  kind: 'listedWeights';
  weights: readonly number[];
}

/** So many checks without any user, and one more with all of them. */
export interface BlueGreen {
  kind: 'blueGreen';
  iterations: number;
}

/** So many checks with those users alone whose requests match, all of them from the first on. */
export interface AbTest {
  kind: 'abTest';
  iterations: number;
}
