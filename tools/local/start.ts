import { join, relative } from 'node:path';
import { type Config, loadConfig } from '../../config/load.ts';
import { type Console, startConsole } from '../console/server.ts';
import { judge } from '../lib/check/judge.ts';
import { lines } from '../lib/check/lines.ts';
import { count } from '../lib/count.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { type Holder, takeLock } from '../lib/lock.ts';
import { type Compiled, compile } from '../lib/synth/compile.ts';
import { publish } from '../lib/synth/publish.ts';
import { UserError } from '../lib/user-error.ts';
import { requireAnswers } from './answers.ts';
import { type Database, openDatabase } from './database.ts';
import { type Interrupt, listenForInterrupt, unlessInterrupted } from './interrupt.ts';
import { keptSecret } from './kept-secret.ts';
import { logTail } from './log-tail.ts';
import { choosePort } from './ports.ts';
import { rehearseRelease } from './rehearsal.ts';
import { failure, prepareDatabase, type Service, startService } from './service.ts';
import { type Steps, steps } from './steps.ts';

/** What `npm start` was asked for. */
export interface StartOptions {
  /** The port wanted for the service. */
  readonly port: number;
  /** The port wanted for the console. */
  readonly consolePort: number;
  /** Whether the embedded database begins without the data of earlier starts. */
  readonly fresh: boolean;
  /** Whether to rehearse a release and end, instead of running until Ctrl-C. */
  readonly once: boolean;
}

/** What runs by now, in the order in which it is stopped: what others lean on goes last. */
interface Running {
  service?: Service;
  console?: Console;
  database?: Database;
  /** How to sign in to the service. */
  signIn?: string;
}

/** A step found something: it has been printed. */
class Found extends Error {}

/**
 * Runs everything on this machine until it is interrupted, or once.
 *
 * @param root the repo
 * @returns the exit code
 * @throws UserError when another start runs here, or something could not start
 */
export async function start(root: string, options: StartOptions): Promise<number> {
  const elapsed = stopwatch();
  const lock = takeLock(join(root, '.slipway', 'start.lock'), alreadyRuns);
  process.once('exit', lock.release);
  // What still runs when the process exits is killed then: see children.ts.
  const interrupt = listenForInterrupt(() => process.exit(130));
  const running: Running = {};
  const shown = steps();
  let code: number = EXIT.ok;
  try {
    const config = await bringUp(root, options, { running, shown, interrupt, tell: lock.tell });
    if (options.once) await rehearse(root, config, running, shown, interrupt);
    else {
      console.log(summary(running, elapsed()));
      await untilTheEnd(root, running, interrupt);
    }
  } catch (error) {
    // Whatever fails after a Ctrl-C fails because of it.
    if (!interrupt.signal.aborted) {
      if (!(error instanceof Found) && !(options.once && error instanceof UserError)) throw error;
      if (error.message !== '') console.error(error.message);
      code = EXIT.found;
    }
  } finally {
    await stop(running);
    lock.release();
    process.off('exit', lock.release);
    interrupt.ignore();
  }
  if (interrupt.signal.aborted) console.log(`stopped after ${elapsed()}; nothing is left running`);
  else if (code === EXIT.ok)
    console.log(`${count(shown.passed, 'step')} passed, everything stopped, in ${elapsed()}`);
  else console.error(`failed after ${count(shown.passed, 'good step')}; everything stopped, in ${elapsed()}`);
  return code;
}

interface Progress {
  readonly running: Running;
  readonly shown: Steps;
  readonly interrupt: Interrupt;
  /** Told where the console answers. */
  readonly tell: (consoleUrl: string) => void;
}

async function bringUp(root: string, options: StartOptions, progress: Progress): Promise<Config> {
  const { running, shown, tell } = progress;
  const { signal } = progress.interrupt;
  const { config, compiled } = await shown.run('compile', () => unlessInterrupted(signal, compileStep(root)));
  await shown.run('check', () => checkStep(config, compiled));
  await shown.run('dist', () => publishStep(root, compiled));
  signal.throwIfAborted();

  const { port: wanted, consolePort: consoleWanted, fresh, once } = options;
  const { DATABASE_URL: databaseUrl } = process.env;
  const database = await shown.run('database', async () => {
    const database = await openDatabase({
      root,
      fresh,
      throwaway: once,
      ...(databaseUrl && { databaseUrl }),
    });
    running.database = database;
    return { value: database, says: database.says };
  });
  signal.throwIfAborted();

  const service = await shown.run('service', async (say) => {
    const { port, note } = await choosePort(wanted, [consoleWanted]);
    const sessionKey = keptSecret(join(root, '.slipway', 'session-key'));
    const logFile = join(root, '.slipway', 'logs', 'service.log');
    const props = { root, databaseUrl: database.url, sessionKey, port, logFile, signal };
    say('prepares the database');
    running.signIn = await prepareDatabase(props);
    say('starts');
    running.service = await startService(props);
    return { value: running.service, says: addressOf(running.service, note) };
  });

  await shown.run('console', async () => {
    const { port, note } = await choosePort(consoleWanted, [wanted]);
    running.console = await startConsole({ root, port, serviceUrl: service.url });
    tell(running.console.url);
    const { clusters, apps } = running.console.fleet;
    const figures = `${count(clusters.length, 'cluster')}, ${count(apps.length, 'app')}`;
    return { value: undefined, says: `${addressOf(running.console, note)}, ${figures}` };
  });
  signal.throwIfAborted();
  return config;
}

async function compileStep(root: string) {
  const config = await loadConfig(root);
  const compiled = await compile(config);
  const says = `${count(compiled.files.size, 'file')}, ${count(compiled.objects, 'object')}`;
  return { value: { config, compiled }, says };
}

async function checkStep(config: Config, compiled: Compiled) {
  const findings = judge(config, compiled);
  if (findings.length > 0) throw new Found(lines(findings).join('\n'));
  return { value: undefined, says: 'every object fits its schema and keeps the policies' };
}

async function publishStep(root: string, compiled: Compiled) {
  const { written, removed } = publish(compiled, join(root, 'dist'), join(root, '.slipway'));
  const changes = written.length + removed.length;
  return { value: undefined, says: changes === 0 ? 'as it was' : `${count(changes, 'file')} changed` };
}

/** What is proven in a rehearsal, once everything runs. */
async function rehearse(
  root: string,
  config: Config,
  running: Running,
  shown: Steps,
  { signal }: Interrupt,
): Promise<void> {
  await shown.run('answers', async () => {
    const questions = requireAnswers({
      serviceUrl: running.service?.url ?? '',
      managementUrl: running.service?.managementUrl ?? '',
      consoleUrl: running.console?.url ?? '',
    });
    const answered = await unlessInterrupted(signal, questions);
    return { value: undefined, says: `${count(answered, 'page')} of service and console as they should be` };
  });
  await shown.run('release', async () => {
    const { images, lines, files } = await rehearseRelease(root, config, signal);
    const moved = `${count(images, 'new image')} set in ${count(lines, 'line')} as Flux does`;
    return {
      value: undefined,
      says: `${moved}; a fresh compile left all ${count(files, 'file')} as they were`,
    };
  });
}

/** Waits for Ctrl-C; that something ends by itself before is a failure. */
async function untilTheEnd(
  root: string,
  { service, database }: Running,
  { asked }: Interrupt,
): Promise<void> {
  const ends = [
    service?.ended.then((how) => {
      throw failure('The service ended by itself', how, {
        root,
        logFile: join(root, '.slipway', 'logs', 'service.log'),
      });
    }),
    database?.ended.then(() => {
      const { logFile = '' } = database;
      throw new UserError(
        `PostgreSQL ended by itself. The end of ${relative(root, logFile)}:\n${logTail(logFile)}`,
      );
    }),
  ];
  await Promise.race([asked, ...ends]);
}

async function stop({ service, console: web, database }: Running): Promise<void> {
  await service?.stop();
  await web?.stop();
  await database?.stop();
}

function addressOf({ url }: { url: string }, note: string): string {
  return note === '' ? url : `${url} (${note})`;
}

function summary({ service, console: web, signIn }: Running, elapsed: string): string {
  return `
  service   ${service?.url}   ${signIn}
  console   ${web?.url}   fleet, clusters, canaries, rehearsals, changes

Ctrl-C stops everything (ready in ${elapsed}).`;
}

function alreadyRuns({ pid, note }: Holder): string {
  const where = note ? `its console is at ${note}` : 'its console is not up yet';
  return `Slipway already runs here, as process ${pid}; ${where}. Stop it with Ctrl-C in its terminal, or with \`kill ${pid}\`.`;
}
