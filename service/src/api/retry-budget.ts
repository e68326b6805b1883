/** How often calls are repeated, in all: a part in trouble is not to be hit twice as hard. */

/** What repeating costs, and what it is paid with. */
export interface RetryBudget {
  /** Counts a call. */
  called(): void;
  /** Whether one more may be repeated; it is counted when it may. */
  retry(): boolean;
}

/** So many calls pay for one that is repeated: a tenth more work, at the most, for a part that answers nobody. */
const CALLS_PER_RETRY = 10;

/** So many may be repeated besides: few calls come at night, and a process that is replaced breaks several at once. */
const RESERVE = 10;

/** Makes the budget of one part, its reserve full. */
export function createRetryBudget(): RetryBudget {
  const most = RESERVE * CALLS_PER_RETRY;
  let credit = most;
  return {
    called() {
      credit = Math.min(most, credit + 1);
    },
    retry() {
      if (credit < CALLS_PER_RETRY) return false;
      credit -= CALLS_PER_RETRY;
      return true;
    },
  };
}
