import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '../../local/postgres.ts';
import { prepareDatabase } from '../../local/service.ts';
import type { Subject } from '../canary/report/subject.ts';
import { isRunning } from '../processes.ts';
import { UserError } from '../user-error.ts';
import { buildBundle, withBrokenMigration } from './bundle.ts';
import { type Foretold, foretell } from './foretold.ts';
import { type Moment, type Rehearsed, rehearse } from './rehearsal.ts';
import { RELEASES, type Rehearsable, type ReleaseName } from './releases.ts';

export interface SessionProps {
  /** The repo. */
  root: string;
  /** The Canary that is rehearsed, with its traffic. */
  subject: Subject;
  /** How much faster than life it goes. */
  speed: number;
  signal: AbortSignal;
}

/** A release, what was foretold of it, and whether the two agree. */
export interface Outcome {
  release: ReleaseName;
  rehearsed: Rehearsed;
  /** `undefined` for what the odds know nothing of. */
  foretold: Foretold | undefined;
  /** What was otherwise than it should be; empty when all was well. */
  surprises: string[];
}

/** What it takes to rehearse releases: a database with content, and the service as its image has it. */
export interface Session {
  rehearse(release: ReleaseName, onTick?: (moment: Moment) => void): Promise<Outcome>;
  close(): Promise<void>;
}

/**
 * Makes ready what releases are rehearsed with.
 *
 * @throws UserError for a Canary that can't be rehearsed
 */
export async function openSession(props: SessionProps): Promise<Session> {
  const { root, subject, speed, signal } = props;
  const { analysis, readySeconds } = subject.read;
  if (analysis === undefined) {
    throw new UserError(`${subject.title} can't be rehearsed: ${subject.read.problems.join('; ')}`);
  }
  const folder = await makeFolder(join(root, '.slipway/rehearsals'));
  const logFile = join(folder, 'service.log');
  const database = await startPostgres({
    folder: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    throwaway: true,
  });
  const close = async () => {
    await database.stop();
    await removeFolder(folder);
  };
  try {
    const sessionKey = randomBytes(24).toString('hex');
    const databaseUrl = database.url;
    await prepareDatabase({ root, databaseUrl, sessionKey, port: 0, logFile, signal });
    const bundles = { good: join(folder, 'bundle'), broken: join(folder, 'broken') };
    await buildBundle(root, bundles.good);
    await withBrokenMigration(bundles.good, bundles.broken);
    const env = (version: string, settings: Readonly<Record<string, string>> = {}) => ({
      DATABASE_URL: databaseUrl,
      SESSION_KEY: sessionKey,
      PORT: '0',
      MANAGEMENT_PORT: '0',
      LOG_LEVEL: 'warn',
      VERSION: version,
      // Who sends requests has been told before it is asked to end.
      DRAIN_SECONDS: '1',
      ...settings,
    });
    return {
      async rehearse(name, onTick) {
        const release: Rehearsable = RELEASES[name];
        const { requestsPerSecond } = subject.traffic;
        const rehearsed = await rehearse({
          analysis,
          requestsPerSecond,
          speed,
          readySeconds,
          logFile,
          signal,
          ...(onTick && { onTick }),
          stable: { bundle: bundles.good, env: env('1.0.0') },
          canary: {
            bundle: release.breaksMigration ? bundles.broken : bundles.good,
            env: env('1.1.0', release.settings),
          },
        });
        const foretold = release.quality && foretell(analysis, requestsPerSecond, release.quality);
        return { release: name, rehearsed, foretold, surprises: surprises(release, rehearsed, foretold) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Rehearsals may go on side by side: each has a folder of its own, named after its process. */
async function makeFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  // Of processes that were killed before they could clear up.
  for (const name of await readdir(parent)) {
    if (!isRunning(Number.parseInt(name, 10))) await removeFolder(join(parent, name));
  }
  return mkdtemp(join(parent, `${process.pid}-`));
}

async function removeFolder(folder: string): Promise<void> {
  await removePostgres(join(folder, 'postgres'));
  await rm(folder, { recursive: true, force: true });
}

/** A release whose odds are less even than this may end either way. */
const AS_GOOD_AS_SURE = 0.01;

function surprises(
  { expected, breaksMigration }: Rehearsable,
  { decision, users }: Rehearsed,
  foretold: Foretold | undefined,
): string[] {
  const chance = foretold && (expected === 'promoted' ? foretold.rolledBack : 1 - foretold.rolledBack);
  const mayDiffer = chance !== undefined && chance > AS_GOOD_AS_SURE;
  const found: string[] = [];
  if (decision !== expected && !mayDiffer)
    found.push(`it was ${decision === 'promoted' ? 'promoted' : 'rolled back'}`);
  const band = foretold?.failed ?? (breaksMigration ? { from: 0, to: 0 } : undefined);
  if (band && (users.failed < band.from || users.failed > band.to)) {
    found.push(`${users.failed} requests failed, where ${band.from} to ${band.to} were foretold`);
  }
  return found;
}
