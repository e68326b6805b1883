/** Each of four processes is killed in turn, while people use the pages and the API. */
import { setTimeout as wait } from 'node:timers/promises';
import { createConduitDatabase } from './conduit.ts';
import { FLEET_TARGETS, type Fleet, type FleetTarget, startFleet } from './fleet.ts';
import type { FleetJudge } from './fleet-judge.ts';
import { PEOPLE, startPeople } from './fleet-people.ts';
import type { Result, Surroundings } from './scenario.ts';

/** How much of it. */
export interface PartKilledOptions extends Surroundings {
  /** How often each of the four is killed. */
  readonly kills: number;
  /** How long it is away each time, and all are there before the next is killed. */
  readonly seconds: number;
}

/** What came of it. */
export interface PartKilledResult extends Result {
  readonly requests: number;
}

/**
 * So soon after a process went, or another was ready, must all be as it is without or with it. Until then a request may
 * find it either way, or be cut off with it.
 */
const SETTLE_MILLISECONDS = 1_000;

/** Kills each target in turn, starts it again, and judges every answer by what was away when it was asked for. */
export async function partKilled(options: PartKilledOptions): Promise<PartKilledResult> {
  const { postgresUrl, progress, kills, seconds } = options;
  const database = await createConduitDatabase(await postgresUrl());
  const fleet = await startFleet(database);
  try {
    const { judge, actions, stop } = await startPeople(fleet.url);
    await wait(seconds * 1_000);
    for (let kill = 1; kill <= kills; kill += 1) {
      for (const target of FLEET_TARGETS) {
        progress(`${target} is killed, ${kill} of ${kills}; ${judge.requests} requests`);
        await killAndReplace(fleet, target, judge, seconds * 1_000);
      }
    }
    const lost = await stop();
    return {
      measured: `each of ${FLEET_TARGETS.length} processes killed ${kills} times under ${PEOPLE} people: of ${judge.requests} answers ${judge.wrong} were wrong and ${judge.refused} said that something is away; the slowest took ${judge.slowest} ms; at most ${judge.recovery} ms after another process was ready all was as before`,
      problems: [...judge.problems(), ...judge.untried(actions), ...lost],
      requests: judge.requests,
    };
  } finally {
    await fleet.stop();
    await database.drop();
  }
}

async function killAndReplace(
  fleet: Fleet,
  target: FleetTarget,
  judge: FleetJudge,
  milliseconds: number,
): Promise<void> {
  const { child, exited } = fleet.process(target);
  judge.changes(target);
  child.kill('SIGKILL');
  await exited;
  await wait(SETTLE_MILLISECONDS);
  judge.settles(target);
  await wait(milliseconds);
  judge.changes(target);
  await fleet.replace(target);
  judge.isBack();
  await wait(SETTLE_MILLISECONDS);
  judge.settles(undefined);
  await wait(milliseconds);
  for (const other of FLEET_TARGETS) {
    const { exitCode, signalCode } = fleet.process(other).child;
    if (exitCode !== null || signalCode !== null)
      judge.blame(`${other} ended with ${signalCode ?? exitCode} when ${target} was killed`);
  }
}
