/** Random requests over every operation: nothing fails, every answer is as the API describes itself. */
import { fuzz } from '../fuzz/fuzz.ts';
import { createConduitDatabase, stop } from './conduit.ts';
import type { Result, Surroundings } from './scenario.ts';

/** How many requests, and which. */
export interface RandomRequestsOptions extends Surroundings {
  readonly requests: number;
  /** The same seed makes the same requests. */
  readonly seed: number;
}

/** Findings that are told; the rest is only counted. */
const TOLD = 10;

/** Sends random requests to a process of the service. */
export async function randomRequests(options: RandomRequestsOptions): Promise<Result> {
  const { postgresUrl, progress, requests, seed } = options;
  const database = await createConduitDatabase(await postgresUrl());
  try {
    // Everybody comes from one address here.
    const service = await database.start({ SIGN_IN_FAILURES_PER_HOUR: '0', SIGN_UPS_PER_HOUR: '0' });
    try {
      const { findings, operations, statuses } = await fuzz({
        url: service.url,
        requests,
        seed,
        progress: (sent) => progress(`${sent} of ${requests} requests`),
      });
      const never = Object.keys(operations).filter((id) => operations[id]?.well === 0);
      const answers = Object.entries(statuses).map(([status, count]) => `${count} x ${status}`);
      return {
        measured: `${requests} random requests (seed ${seed}) over ${Object.keys(operations).length} operations: ${answers.join(', ')}; ${findings.length} answers not as described`,
        problems: [
          ...findings.slice(0, TOLD),
          ...(findings.length > TOLD ? [`and ${findings.length - TOLD} more`] : []),
          ...never.map((id) => `${id} never succeeded, so its replies were not seen`),
        ],
      };
    } finally {
      await stop(service);
    }
  } finally {
    await database.drop();
  }
}
