import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Makes one file of a function of `lambdas/`: the same bytes from the same sources, so that it is deployed only when it changed.
 *
 * @param name the name of its folder there
 * @param folder where to put `index.js`; it may be there already
 */
export function bundle(name: string, folder: string): void {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, 'lambdas', name, 'index.ts')],
    bundle: true,
    write: false,
    minify: true,
    legalComments: 'none',
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // pg looks whether they are there.
    external: ['pg-native', 'pg-cloudflare'],
  });
  const text = outputFiles[0]?.text ?? '';
  const file = join(folder, 'index.js');
  mkdirSync(folder, { recursive: true });
  if (read(file) === text) return;
  // Another process may be reading it.
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
