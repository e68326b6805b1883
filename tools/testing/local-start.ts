import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../lib/processes.ts';
import { until } from '../lib/until.ts';
import { removePostgres } from '../local/postgres.ts';
import { childrenOf } from './children-of.ts';
import { copySampleRepo } from './sample.ts';

const PATIENCE_MS = 25_000;

/** A copy of the repo with the sample platform in a temporary folder, with a `.slipway/` of its own, in which `npm start` may run. */
export class LocalRepo {
  readonly root: string;
  #started: LocalStart[] = [];
  readonly #edited = new Map<string, string>();

  private constructor(root: string) {
    this.root = root;
  }

  /** Copies the repo as it stands, but for its platform. */
  static async make(): Promise<LocalRepo> {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-start-'));
    const root = join(folder, 'repo');
    await copySampleRepo(root);
    execFileSync('git', ['init', '-q'], { cwd: root });
    return new LocalRepo(root);
  }

  /** Runs `npm start -- <options>`, by its process and not through npm. */
  start(options: string[], environment: Record<string, string> = {}): LocalStart {
    const started = new LocalStart(this.root, options, environment);
    this.#started.push(started);
    return started;
  }

  /** Replaces a text in a file, until the next {@link reset}. */
  edit(file: string, from: string, to: string): void {
    const path = join(this.root, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
    if (!this.#edited.has(path)) this.#edited.set(path, text);
    writeFileSync(path, text.replace(from, to));
  }

  /** Ends what still runs, and takes back what starts and edits have left. */
  async reset(): Promise<void> {
    for (const started of this.#started) await started.kill();
    this.#started = [];
    for (const name of ['postgres', 'postgres-once']) await removePostgres(join(this.root, '.slipway', name));
    rmSync(join(this.root, '.slipway'), { recursive: true, force: true });
    for (const [path, text] of this.#edited) writeFileSync(path, text);
    this.#edited.clear();
  }

  /** Removes the copy. */
  remove(): void {
    rmSync(join(this.root, '..'), { recursive: true, force: true });
  }
}

/** One run of `npm start`. */
export class LocalStart {
  readonly #child: ChildProcess;
  readonly #closed: Promise<number | null>;
  /** Everything it has printed. */
  output = '';

  /**
   * @param root the copy of the repo
   * @param options as typed behind `npm start --`
   * @param environment what differs from ours
   */
  constructor(root: string, options: string[], environment: Record<string, string>) {
    this.#child = spawn(process.execPath, [join(root, 'tools', 'slipway.mjs'), 'start', ...options], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (text) => {
        this.output += text;
      });
    }
    this.#closed = new Promise((resolve) => this.#child.once('close', resolve));
  }

  /** Its pid. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /** Waits until everything runs. */
  async ready(): Promise<{ serviceUrl: string; consoleUrl: string; children: number[] }> {
    await until(
      () => this.output.includes('Ctrl-C stops everything') || this.#child.exitCode !== null,
      PATIENCE_MS,
    );
    const [serviceUrl, consoleUrl] = ['service', 'console'].map(
      (name) => new RegExp(`^ +${name} +(http:\\S+)`, 'm').exec(this.output)?.[1],
    );
    if (!serviceUrl || !consoleUrl) throw new Error(`npm start did not become ready:\n${this.output}`);
    return { serviceUrl, consoleUrl, children: childrenOf(this.pid) };
  }

  /** Sends it a signal, as Ctrl-C and `kill` do. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for its end. */
  async exitCode(): Promise<number | null> {
    const ended = await until(
      () => this.#child.exitCode !== null || this.#child.signalCode !== null,
      PATIENCE_MS,
    );
    if (!ended) throw new Error(`npm start does not end:\n${this.output}`);
    return this.#closed;
  }

  /** Ends it at once, and waits until its children are gone that end by themselves then. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await until(() => !isRunning(this.pid), PATIENCE_MS);
  }
}
