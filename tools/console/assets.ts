// The files that pages load: our own, from this folder, and nothing else.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { highlightCss } from './highlight-css.ts';
import type { Answer } from './http.ts';

const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

const FILES: Readonly<Record<string, () => Promise<Omit<Answer, 'status'>>>> = {
  'style.css': async () => ({ type: CSS, body: await ownFile('style.css') }),
  'highlight.css': async () => ({ type: CSS, body: highlightCss() }),
  'favicon.svg': async () => ({ type: 'image/svg+xml', body: await ownFile('favicon.svg') }),
  'canary.js': () => script('canary'),
  'rehearse.js': () => script('rehearse'),
};

/** One of the files that pages load; `undefined` for any other name. */
export async function asset(name: string): Promise<Answer | undefined> {
  const make = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  return make && { status: 200, ...(await make()) };
}

function ownFile(name: string): Promise<string> {
  return readFile(new URL(`./${name}`, import.meta.url), 'utf8');
}

const scripts = new Map<string, Promise<string>>();

/** A script of browser/, bundled when it is first asked for. */
async function script(name: string): Promise<Omit<Answer, 'status'>> {
  const bundled = scripts.get(name) ?? bundle(name);
  scripts.set(name, bundled);
  return { type: SCRIPT, body: await bundled };
}

async function bundle(name: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./browser/${name}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
