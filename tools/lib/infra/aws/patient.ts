import type { Clock } from '../clock.ts';
import type { Aws } from './aws.ts';
import { AwsError } from './aws-error.ts';

/** How long to wait before each further try, in milliseconds: a minute and a half in all. */
const PAUSES = [1000, 2000, 5000, 10_000, 20_000, 50_000];

/** The same AWS, asked again where it only said to slow down: a deletion that was begun should not end by a busy neighbour. */
export function patient(aws: Aws, clock: Clock): Aws {
  return async (...call) => {
    for (const pause of PAUSES) {
      try {
        return await aws(...call);
      } catch (error) {
        if (!(error instanceof AwsError && error.isThrottling)) throw error;
        await clock.sleep(pause);
      }
    }
    return aws(...call);
  };
}
