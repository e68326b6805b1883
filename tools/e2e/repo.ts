import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copySampleRepo } from '../testing/sample.ts';

/** What a command left behind. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A copy of the repo with the sample platform, in a folder of its own, for tests that edit it as a user would. */
export class Repo implements AsyncDisposable {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Copies the repo and makes what stands in it the first commit. */
  static async create(): Promise<Repo> {
    const repo = new Repo(await mkdtemp(join(tmpdir(), 'slipway-repo-')));
    await copySampleRepo(repo.root);
    await repo.git('init', '-q', '-b', 'main');
    await repo.commit();
    return repo;
  }

  /** Runs an npm script's command, as `npm run <name> -- <args>` does. */
  slipway(name: string, ...args: string[]): Promise<Outcome> {
    return this.run(process.execPath, ['tools/slipway.mjs', name, ...args]);
  }

  async git(...args: string[]): Promise<string> {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
    const { code, stdout, stderr } = await this.run('git', [...identity, ...args]);
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  async commit(): Promise<void> {
    await this.git('add', '-A');
    await this.git('commit', '-q', '-m', 'test');
  }

  /** Takes back what was not committed. */
  async reset(): Promise<void> {
    await this.git('reset', '-q', '--hard');
    await this.git('clean', '-fdq');
  }

  /** Replaces the first occurrence of a text in a file. */
  async edit(file: string, find: string, replace: string): Promise<void> {
    const text = await readFile(join(this.root, file), 'utf8');
    if (!text.includes(find)) throw new Error(`${file} has no ${JSON.stringify(find)}`);
    await writeFile(
      join(this.root, file),
      text.replace(find, () => replace),
    );
  }

  /** The lines that differ from the last commit under a path: `file: -old` and `file: +new`. */
  async changes(path: string): Promise<string[]> {
    const diff = await this.git('diff', '-U0', '--no-color', '--', path);
    let file = '';
    return diff.split('\n').flatMap((line) => {
      if (line.startsWith('+++ ')) file = line.slice('+++ b/'.length);
      if (/^(?:\+\+\+|---|diff|index|@@|new|deleted)/.test(line) || line === '') return [];
      return [`${file}: ${line}`];
    });
  }

  async run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
    const child = spawn(program, args, { cwd: this.root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      outcome.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      outcome.stderr += chunk;
    });
    outcome.code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
