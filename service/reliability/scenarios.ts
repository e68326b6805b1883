/** Every scenario, by its name. */
import { databaseKill } from './database-kill.ts';
import { overload } from './overload.ts';
import { partKilled } from './part-killed.ts';
import { partsReplaced } from './parts-replaced.ts';
import { passwordChange } from './password-change.ts';
import { randomRequests } from './random-requests.ts';
import { rollingRestarts } from './rolling-restarts.ts';
import type { Result, Surroundings } from './scenario.ts';

/** A scenario as the command knows it. */
export interface Scenario {
  readonly about: string;
  /** Its options, whole numbers from 1: `requests` is `--requests`. */
  readonly numbers: Readonly<Record<string, { readonly about: string; readonly fallback: number }>>;
  run(options: Surroundings & Readonly<Record<string, number>>): Promise<Result>;
}

/** Ties a scenario's options to its function. */
function scenario<Name extends string>(
  about: string,
  numbers: Readonly<Record<Name, { about: string; fallback: number }>>,
  run: (options: Surroundings & Readonly<Record<Name, number>>) => Promise<Result>,
): Scenario {
  return { about, numbers, run: run as Scenario['run'] };
}

/** The scenarios; to add one, add its file and its line. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'rolling-restarts': scenario(
    'both processes are replaced again and again under full load: no request fails',
    {
      requests: { about: 'of each sort of client, at least', fallback: 200_000 },
      restarts: { about: 'of each sort of client', fallback: 30 },
    },
    rollingRestarts,
  ),
  overload: scenario(
    'far more requests than can be served: those that are taken are quick, and it recovers at once',
    {
      times: { about: 'how many times what can be served', fallback: 10 },
      seconds: { about: 'how long', fallback: 30 },
    },
    overload,
  ),
  'random-requests': scenario(
    'valid, nearly valid and hostile requests over every operation: every answer is as described',
    {
      requests: { about: 'in all', fallback: 20_000 },
      seed: { about: 'which requests they are', fallback: 1 },
    },
    randomRequests,
  ),
  'database-kill': scenario(
    'the database is killed again and again while people write: nothing that was acknowledged is lost',
    {
      kills: { about: 'of the database', fallback: 20 },
      writers: { about: 'who publish articles', fallback: 8 },
    },
    databaseKill,
  ),
  'password-change': scenario(
    'the password of the database changes while people write, the file a second later: no request fails',
    {
      changes: { about: 'of the password', fallback: 10 },
      writers: { about: 'who publish articles', fallback: 8 },
    },
    passwordChange,
  ),
  'part-killed': scenario(
    'each of four processes is killed while people use all of them: the others serve on and say what is away',
    {
      kills: { about: 'of each process', fallback: 5 },
      seconds: { about: 'that it is away, and that all are there again', fallback: 4 },
    },
    partKilled,
  ),
  'parts-replaced': scenario(
    'all of four processes are replaced at once while people use all of them: no request fails',
    { restarts: { about: 'of all of them', fallback: 10 } },
    partsReplaced,
  ),
};
