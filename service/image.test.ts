/**
 * The image as far as it can be had without Docker: the bundle, started as the Dockerfile starts it, as the first process
 * of its own, on a root file system that is read-only, by a user who owns nothing and may become nobody else.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildService } from './build.ts';
import { createTestDatabase, environment, eventually, type TestDatabase } from './src/testing.ts';

const DOCKERFILE = readFileSync(new URL('./Dockerfile', import.meta.url), 'utf8');
const [, USER = ''] = /^USER (\d+):\d+$/m.exec(DOCKERFILE) ?? [];
const ENTRYPOINT: readonly string[] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(DOCKERFILE)?.[1] ?? '[]');
const ENV = Object.fromEntries(
  (/^ENV (.*)$/m.exec(DOCKERFILE)?.[1] ?? '')
    .split(' ')
    .map((pair) => pair.split('=', 2) as [string, string])
    .filter(([, value]) => !value.startsWith('$')),
);

/** A way to namespaces, and whether it leads to another user. */
interface Way {
  readonly command: readonly string[];
  /** Before a command that concerns what runs in there. */
  readonly asOwner: readonly string[];
  readonly becomesUser: boolean;
}

const UNSHARE = ['unshare', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc'];

/** Root can make namespaces; others only where the system lets them, or as root. */
const WAYS: readonly Way[] = [
  ...(process.getuid?.() === 0 ? [{ command: UNSHARE, asOwner: [], becomesUser: true }] : []),
  { command: ['sudo', '-n', ...UNSHARE], asOwner: ['sudo', '-n'], becomesUser: true },
  { command: [...UNSHARE, '--user', '--map-root-user'], asOwner: [], becomesUser: false },
];

const READ_ONLY = 'mount --make-rprivate / && mount -o remount,bind,ro /';

/** @throws Error where the system has no namespaces: then this can't be seen, and that must not look like a success */
function findWay(): Way {
  const tried = WAYS.map((way) => {
    const [file = '', ...args] = [...way.command, 'sh', '-c', READ_ONLY];
    return { way, ...spawnSync(file, args, { encoding: 'utf8' }) };
  });
  const found = tried.find(({ status }) => status === 0);
  if (found !== undefined) return found.way;
  const reasons = tried.map(
    ({ way, stderr, error }) => `${way.command[0]}: ${error?.message ?? stderr.trim()}`,
  );
  throw new Error(`the image needs Linux with namespaces to be tried; ${reasons.join('; ')}`);
}

let way: Way;
let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  way = findWay();
  folder = mkdtempSync(join(tmpdir(), 'conduit-image-'));
  chmodSync(folder, 0o755);
  database = await createTestDatabase();
  await buildService(join(folder, 'app'));
}, 60_000);

afterAll(async () => {
  await database?.drop();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

interface Container {
  readonly child: ChildProcess;
  /** As the machine knows the process that is the first in there. */
  pid(): number;
  said(): string;
}

function start(args: readonly string[], env: Record<string, string> = {}): Container {
  const places: Record<string, string> = { '/usr/local/bin/node': process.execPath };
  const command = ENTRYPOINT.map((part) => places[part] ?? part.replace(/^\/app\//, `${folder}/app/`));
  const all = {
    ...ENV,
    ...environment({ DATABASE_URL: database.url, DRAIN_SECONDS: '1', ...env }),
    PATH: '',
  };
  const clean = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  // Privileges that nobody in the container has: see the securityContext of its pods.
  const user = way.becomesUser
    ? `setpriv --reuid=${USER} --regid=${USER} --clear-groups --no-new-privs --bounding-set=-all`
    : 'setpriv --no-new-privs --bounding-set=-all';
  const [file = '', ...before] = [
    ...way.command,
    'sh',
    '-c',
    `${READ_ONLY} && exec ${user} env -i "$@"`,
    'sh',
  ];
  const child = spawn(file, [...before, ...clean, ...command, ...args], { cwd: '/' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  return { child, said: () => said, pid: () => lastDescendant(child.pid as number) };
}

/** `sudo` and `unshare` have one child each. */
function lastDescendant(pid: number): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return child ? lastDescendant(Number(child)) : pid;
}

function status(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/:\s+/, 2) as [string, string]));
}

/** Runs a command as whoever the processes in there belong to. @returns what it printed */
function asOwner(...command: string[]): string {
  const [file = '', ...args] = [...way.asOwner, ...command];
  return execFileSync(file, args, { encoding: 'utf8' });
}

function signal(container: Container, name: 'TERM' | 'KILL'): void {
  asOwner('kill', `-${name}`, String(container.pid()));
}

async function toItsEnd(container: Container): Promise<[code: number | null, said: string]> {
  const [code] = await once(container.child, 'close');
  return [code, container.said()];
}

// In their order: without tables there is nothing to serve.
describe('the image', () => {
  test('migrates, and tells a mistake, as the first process', async () => {
    expect(await toItsEnd(start(['--migrate']))).toEqual([0, expect.stringContaining('migrations applied')]);
    const [code, said] = await toItsEnd(start([], { COLOUR: '{}' }));
    expect([code, said]).toEqual([
      2,
      expect.stringMatching(/^COLOUR: found "\{\}"; allowed is a CSS colour/),
    ]);
  });

  test('serves, with no right to write anything or to become anybody; on SIGTERM it serves on for a while and ends with 0', async () => {
    const container = start([]);
    const ended = toItsEnd(container);
    try {
      const said = await eventually(
        async () => container.said(),
        (text) => text.includes('"listening"') || container.child.exitCode !== null,
      );
      const line = said.split('\n').find((line) => line.includes('"listening"')) ?? '{}';
      const { port, managementPort } = JSON.parse(line);
      const url = `http://127.0.0.1:${port}`;
      await eventually(
        async () => (await fetch(`http://127.0.0.1:${managementPort}/readyz`)).status,
        (code) => code === 200,
      );
      // Passwords are hashed by threads, pages read files: all that could want to write has been there.
      const user = { username: 'Reader', email: 'reader@example.com', password: 'password1' };
      const headers = { 'content-type': 'application/json' };
      const signUp = await fetch(`${url}/api/users`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ user }),
      });
      expect([signUp.status, (await fetch(url)).status]).toEqual([201, 200]);

      const pid = container.pid();
      const { NSpid, Uid, NoNewPrivs, CapBnd, CapEff } = status(pid);
      expect([NSpid?.split('\t').at(-1), NoNewPrivs]).toEqual(['1', '1']);
      if (way.becomesUser) {
        expect([Uid?.split('\t')[0], Number(CapEff), Number(CapBnd)]).toEqual([USER, 0, 0]);
      }
      const [root] = asOwner('cat', `/proc/${pid}/mountinfo`)
        .split('\n')
        .map((mount) => mount.split(' '))
        .filter(([, , , , place]) => place === '/')
        .slice(-1);
      expect(root?.[5]?.split(',')).toContain('ro');

      signal(container, 'TERM');
      // It serves on while load balancers notice.
      await eventually(
        async () => (await fetch(`http://127.0.0.1:${managementPort}/readyz`)).status,
        (code) => code === 503,
      );
      expect((await fetch(`${url}/api/tags`)).status).toBe(200);
      const [code, all] = await ended;
      expect(code).toBe(0);
      expect(all).not.toMatch(/EROFS|EACCES|EPERM/);
    } finally {
      if (container.child.exitCode === null) signal(container, 'KILL');
      await ended;
    }
  }, 60_000);
});
