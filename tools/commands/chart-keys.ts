import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { crdKinds } from '../lib/chart-keys/crds.ts';
import { defaultOf, has, keysOf, OPEN } from '../lib/chart-keys/keys.ts';
import { type ChartVersion, writeRecord } from '../lib/chart-keys/record.ts';
import { count } from '../lib/count.ts';
import { UserError } from '../lib/user-error.ts';

interface Options {
  version: string;
  subchart: string[];
  also: string[];
  crds: string[];
  crdsWhen?: string;
  controls: string[];
  from?: string;
}

/** `npm run chart:keys`: records which values a chart takes and which kinds it installs. */
export function command(): Command {
  return new Command()
    .description(
      "Writes what a chart's own values.yaml says into flux/chart-keys/, which our values are held to: its keys, by version and hash.",
    )
    .argument(
      '<chart>',
      "the chart's own name, such as linkerd-control-plane; of a git source the repository's",
    )
    .argument('[values...]', "the chart's values.yaml, and more files of values that belong to it")
    .requiredOption('--version <version>', 'of the chart, as config/versions.yaml has it')
    .option(
      '--subchart <name=values.yaml...>',
      'values of charts that it brings, which stand under a key',
      [],
    )
    .option('--also <key...>', 'keys that only its templates read; with .* behind one, anything below it', [])
    .option('--crds <path...>', 'files with its CRDs, or folders of them', [])
    .option('--crds-when <key>', 'the value that must be true for it to install them')
    .option('--controls <group...>', "API groups of other charts' CRDs that its controllers answer for", [])
    .option('--from <words>', 'where the files were taken from, if not from this very version')
    .action(chartKeys);
}

async function chartKeys(chart: string, files: string[], options: Options): Promise<void> {
  const { version, from, crdsWhen, controls } = options;
  if (!/^\d+\.\d+\.\d+/.test(version))
    throw new UserError(`--version: found ${JSON.stringify(version)}; allowed: a version such as 1.44.0`);
  if (files.length === 0 && options.crds.length === 0)
    throw new UserError(`found neither a values.yaml of ${chart} nor CRDs of it (--crds)`);

  const keys = new Set<string>();
  const sha256: Record<string, string> = {};
  const sources: string[] = [];
  const take = async (path: string, name: string, prefix: string) => {
    const source = await read(path);
    sha256[name] = createHash('sha256').update(source).digest('hex');
    for (const key of keysOf(source, path)) keys.add(prefix + key);
    if (prefix === '') sources.push(source);
  };
  for (const path of files) await take(path, basename(path), '');
  for (const entry of options.subchart) {
    const [name, path] = entry.split('=');
    if (!name || !path) throw new UserError(`--subchart: found ${entry}; allowed: <name>=<values.yaml>`);
    // What stood there is the parent's own word for a part of these.
    keys.delete(name + OPEN);
    await take(path, `${name}/${basename(path)}`, `${name}.`);
  }
  for (const key of options.also) if (!has(keys, key)) keys.add(key);
  const crds = [...new Set((await Promise.all(options.crds.map(readCrds))).flat())].sort();
  if (options.crds.length > 0 && crds.length === 0)
    throw new UserError(`--crds: found no CustomResourceDefinition in ${options.crds.join(', ')}`);

  const crdsByDefault =
    crdsWhen !== undefined && sources.some((source) => defaultOf(source, crdsWhen) === true);
  const known: ChartVersion = {
    ...(from !== undefined && { from }),
    sha256,
    keys: [...keys].sort(),
    ...(crds.length > 0 && { crds }),
    ...(crdsWhen !== undefined && { crdsWhen }),
    ...(crdsByDefault && { crdsByDefault: true }),
    ...(controls.length > 0 && { controls: [...controls].sort() }),
  };
  const file = await writeRecord(chart, version, known);
  console.log(`${file}: ${chart} ${version}, ${count(keys.size, 'key')}, ${count(crds.length, 'CRD')}`);
}

/** The kinds of a file or of all files below a folder. */
async function readCrds(path: string): Promise<string[]> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory();
  if (!isFolder) return crdKinds(await read(path));
  const names = await readdir(path, { recursive: true });
  const kinds = names
    .filter((name) => /\.(ya?ml|tpl)$/.test(name))
    .map(async (name) => crdKinds(await read(join(path, name))));
  return (await Promise.all(kinds)).flat();
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new UserError(`${path}: can't be read`);
  }
}
