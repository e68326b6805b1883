import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../lib/repo.ts';

/** How the service is started in production. */
export interface Image {
  /** The bundle. */
  readonly file: string;
  /** Node's own flags. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Builds the bundle, and reads in the Dockerfile how it is started.
 *
 * @param folder where the bundle goes
 */
export async function buildImage(folder: string): Promise<Image> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'service/build.ts'), folder]);
  const dockerfile = await readFile(join(ROOT, 'service/Dockerfile'), 'utf8');
  const [, entrypoint = '[]'] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? [];
  const [, variables = ''] = /^ENV (.*)$/m.exec(dockerfile) ?? [];
  const pairs = variables.split(' ').map((pair) => pair.split('=', 2) as [string, string]);
  const [, ...args] = JSON.parse(entrypoint) as string[];
  return {
    file: join(folder, 'main.js'),
    flags: args.slice(0, -1),
    // What is given when the image is built, or when it runs, has no value yet.
    env: Object.fromEntries(pairs.filter(([, value]) => !value.startsWith('$'))),
  };
}
