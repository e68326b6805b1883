import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const FOLDER = join(import.meta.dirname, '../.slipway/infra');

const bundled = new Map<string, string>();

/**
 * A function of `lambdas/`, as one file: the same bytes from the same sources, so that it is deployed only when it changed.
 *
 * @param name the name of its folder there
 */
export function lambdaCode(name: string): Code {
  const folder = bundled.get(name) ?? bundle(name);
  bundled.set(name, folder);
  return Code.fromAsset(folder);
}

function bundle(name: string): string {
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
  const folder = join(FOLDER, name);
  const file = join(folder, 'index.js');
  mkdirSync(folder, { recursive: true });
  if (read(file) !== text) {
    // Another process may be reading it.
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  }
  return folder;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
