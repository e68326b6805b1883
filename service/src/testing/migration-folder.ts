/** Migrations made up for a test, and processes that apply them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Migration, readMigrations } from '../database/migrate.ts';

/** A folder of migrations. */
export interface MigrationFolder {
  /** Adds files, by their names, and reads the folder. */
  write(contents: Readonly<Record<string, string>>): Migration[];
  /** Applies what is there as a process of its own. */
  spawn(databaseUrl: string): MigrationProcess;
  remove(): void;
}

/** A process that migrates. */
export interface MigrationProcess {
  /** Ends it by SIGKILL. */
  kill(): void;
  /** What it has printed so far. */
  output(): string;
  /** How it ended: its exit code, or the signal. */
  readonly ended: Promise<number | string>;
}

const PROGRAM = fileURLToPath(new URL('./migrate-folder.ts', import.meta.url));

/** Makes an empty folder. */
export function createMigrationFolder(): MigrationFolder {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  return {
    write(contents) {
      for (const [name, sql] of Object.entries(contents)) writeFileSync(join(folder, name), sql);
      return readMigrations(pathToFileURL(`${folder}/`));
    },
    spawn(databaseUrl) {
      const child = spawn(process.execPath, [PROGRAM, folder], {
        env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk;
        });
      }
      const { promise: ended, resolve } = Promise.withResolvers<number | string>();
      child.once('close', (code, signal) => resolve(code ?? (signal as string)));
      return { kill: () => child.kill('SIGKILL'), output: () => output, ended };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
