/** All of four processes are replaced at once, again and again, while people use the pages and the API. */
import { createConduitDatabase, stop as end } from './conduit.ts';
import { FLEET_TARGETS, startFleet } from './fleet.ts';
import { PEOPLE, startPeople } from './fleet-people.ts';
import type { Result, Surroundings } from './scenario.ts';

/** How much of it. */
export interface PartsReplacedOptions extends Surroundings {
  /** How often all four are replaced. */
  readonly restarts: number;
}

/** What came of it. */
export interface PartsReplacedResult extends Result {
  readonly requests: number;
}

/** Replaces all targets at once, as a release does; every answer has to be as if nothing were. */
export async function partsReplaced(options: PartsReplacedOptions): Promise<PartsReplacedResult> {
  const { postgresUrl, progress, restarts } = options;
  const database = await createConduitDatabase(await postgresUrl());
  // The time that a process drains is left as it is: what calls it relies on that.
  const fleet = await startFleet(database);
  try {
    const { judge, stop } = await startPeople(fleet.url);
    for (let restart = 1; restart <= restarts; restart += 1) {
      progress(`restart ${restart} of ${restarts}; ${judge.requests} requests`);
      await Promise.all(
        FLEET_TARGETS.map(async (target) => {
          const code = await end(await fleet.replace(target));
          if (code !== 0) judge.blame(`${target} ended with ${code}`);
        }),
      );
    }
    const lost = await stop();
    return {
      measured: `all of ${FLEET_TARGETS.length} processes replaced at once, ${restarts} times, under ${PEOPLE} people: ${judge.wrong} of ${judge.requests} answers were wrong; the slowest took ${judge.slowest} ms`,
      problems: [...judge.problems(), ...lost],
      requests: judge.requests,
    };
  } finally {
    await fleet.stop();
    await database.drop();
  }
}
