import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A repo with files that a test writes, and commits at times that it says. */
export class ScratchBranch implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'slipway-branch-'));

  constructor() {
    this.git(0, 'init', '-q', '-b', 'main');
  }

  /** Writes files, from the root. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      writeFileSync(join(this.root, file), text);
    }
  }

  /**
   * Commits what there is, also when nothing changed.
   *
   * @param at milliseconds since 1970
   * @returns the full name of the commit
   */
  commit(at: number): string {
    this.git(at, 'add', '-A');
    this.git(at, 'commit', '-q', '--allow-empty', '-m', 'test');
    return this.git(at, 'rev-parse', 'HEAD').trim();
  }

  /** Runs git as somebody who has no settings. */
  git(at: number, ...args: string[]): string {
    const date = new Date(at).toISOString();
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'gc.auto=0'];
    return execFileSync('git', [...identity, ...args], {
      cwd: this.root,
      encoding: 'utf8',
      env: { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date },
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
