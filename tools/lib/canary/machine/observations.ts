/** Whether the pods of a Deployment serve: `stuck` once they have not become ready before their deadline. */
export type Readiness = 'ready' | 'notReady' | 'stuck';

/** What Flagger finds at a tick. It looks at one only when it has come so far: what it does not ask for may be anything. */
export interface Observations {
  /** The revision of the target that is wanted now. */
  readonly revision: string;
  readonly suspended: boolean;
  readonly primary: Readiness;
  readonly canary: Readiness;
  /** Whether the mesh has taken the route as it was last written. */
  readonly routeAccepted: boolean;
  /** Whether all pre-rollout hooks answer well. */
  readonly preRollout: boolean;
  /** Whether all rollout hooks answer well and then all metrics hold. */
  readonly check: boolean;
  /** Whether the gates are open. */
  readonly confirmRollout: boolean;
  readonly confirmTrafficIncrease: boolean;
  readonly confirmPromotion: boolean;
  /** Whether a rollback hook asks for the release to be rolled back. */
  readonly rollback: boolean;
}

/** Pods are ready, gates are open, checks pass. */
export const ALL_WELL: Omit<Observations, 'revision'> = {
  suspended: false,
  primary: 'ready',
  canary: 'ready',
  routeAccepted: true,
  preRollout: true,
  check: true,
  confirmRollout: true,
  confirmTrafficIncrease: true,
  confirmPromotion: true,
  rollback: false,
};
