// Whether a command that the documentation shows can be typed: the programs are there, and so are their options.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { ROOT } from '../../lib/repo.ts';

/** What npm does by itself. */
const NPM = new Set(['ci', 'cit', 'install', 'rebuild']);
/** Scripts that npm runs without the word "run". */
const SHORT = new Set(['start', 'test']);

/**
 * The script that a command runs, and its options.
 *
 * @param words such as `npm run --silent diff -- --base main`
 * @returns undefined where it is none of npm's scripts
 */
export function scriptOf(words: readonly string[]): { name: string; args: string[] } | undefined {
  const [program, verb = '', ...rest] = words.filter((word) => word !== '--silent');
  if (program !== 'npm') return undefined;
  const [name, ...after] = SHORT.has(verb) ? [verb, ...rest] : verb === 'run' ? rest : [];
  if (name === undefined) return undefined;
  const dashes = after.indexOf('--');
  return { name, args: dashes === -1 ? [] : after.slice(dashes + 1) };
}

/**
 * Why a command can't be typed as it stands.
 *
 * @param words the command, word by word
 * @param page the path of the page that shows it, which is where a path may begin
 * @returns undefined where nothing is wrong, or it is no command of ours
 */
export async function wrongWith(words: readonly string[], page: string): Promise<string | undefined> {
  const home = page.startsWith('service/') ? 'service' : '.';
  const [program, ...rest] = words;
  const script = scriptOf(words);
  if (script !== undefined) return wrongScript(home, script);
  if (program === 'npm' && rest[0] === 'exec') return wrongBin(rest[1] === '--' ? rest[2] : rest[1]);
  if (program === 'npm') return NPM.has(rest[0] ?? '') ? undefined : `npm has no ${rest[0]}`;
  if (program === 'npx') return wrongBin(rest[0]);
  if (program !== 'node') return undefined;
  const [file = '', name = '', ...args] = rest;
  if (file.endsWith('slipway.mjs')) return wrongOptions(name, args);
  const places = [home, dirname(page), '.'].map((folder) => join(ROOT, folder, file));
  // What a build makes is there after it.
  return file.startsWith('build/') || places.some((path) => existsSync(path))
    ? undefined
    : `there is no ${file}`;
}

function wrongBin(name = ''): string | undefined {
  return existsSync(join(ROOT, 'node_modules/.bin', name)) ? undefined : `no package brings ${name}`;
}

async function wrongScript(
  home: string,
  { name, args }: { name: string; args: string[] },
): Promise<string | undefined> {
  const scripts = (folder: string): Record<string, string> =>
    JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')).scripts;
  if (name in scripts(home) && home !== '.') return undefined;
  const script = scripts('.')[name];
  if (script === undefined) return `there is no npm script ${name}`;
  return script.includes('tools/slipway.mjs') ? wrongOptions(name, args) : undefined;
}

/** Has the command itself read its options, without doing anything. */
async function wrongOptions(name: string, args: string[]): Promise<string | undefined> {
  const path = `../../commands/${name.replaceAll(':', '-')}.ts`;
  if (!existsSync(join(import.meta.dirname, path))) return `there is no command ${name}`;
  const { command } = (await import(path)) as { command: () => Command };
  const root = command();
  for (const one of [root, ...root.commands]) {
    one.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    if (one.commands.length === 0) one.action(() => {});
  }
  try {
    await root.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? undefined : error.message;
  }
}
