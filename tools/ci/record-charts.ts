// Records what each new version of a chart takes and installs, as far as that can be told from the version before:
// `node tools/ci/record-charts.ts`. It needs helm, and runs none of what a chart holds.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig } from '../../config/load.ts';
import { crdKinds } from '../lib/chart-keys/crds.ts';
import { type MissingChart, missingCharts } from '../lib/chart-keys/missing-charts.ts';
import { readRecords } from '../lib/chart-keys/record.ts';
import { ROOT } from '../lib/repo.ts';
import { compile } from '../lib/synth/compile.ts';

const run = promisify(execFile);

const { manifests } = await compile(await loadConfig(ROOT));
const missing = missingCharts(manifests, readRecords());
if (missing.length === 0) console.log('every chart has a record of its version');
for (const chart of missing) await record(chart);

async function record({ chart, version, source, before }: MissingChart): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-chart-'));
  try {
    const from = source.startsWith('oci://') ? [source] : [chart, '--repo', source];
    await run('helm', ['pull', ...from, '--version', version, '--untar', '--untardir', folder]);
    const root = join(folder, chart);
    const words = [chart, ...values(root, before?.sha256), '--version', version.replace(/^v/, '')];
    const crds = await crdFiles(root, before?.crds ?? []);
    if (crds.length > 0) words.push('--crds', ...crds);
    if (before?.crdsWhen !== undefined) words.push('--crds-when', before.crdsWhen);
    if (before?.controls !== undefined) words.push('--controls', ...before.controls);
    const { stdout } = await run(process.execPath, ['tools/slipway.mjs', 'chart:keys', ...words], {
      cwd: ROOT,
    });
    process.stdout.write(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The chart's files of values that were read of the version before: its own, and those of charts that it brings. */
function values(root: string, before: Record<string, string> = {}): string[] {
  const own = ['values.yaml', ...Object.keys(before).filter((name) => name === 'values-ha.yaml')];
  const subcharts = Object.keys(before)
    .filter((name) => name.includes('/'))
    .map((name) => `${dirname(name)}=${join(root, 'charts', dirname(name), basename(name))}`);
  return [
    ...own.map((name) => join(root, name)).filter((path) => existsSync(path)),
    ...subcharts.flatMap((entry) => ['--subchart', entry]),
  ];
}

/** The files with CRDs of the API groups of which the version before installed some. */
async function crdFiles(root: string, before: readonly string[]): Promise<string[]> {
  const groups = new Set(before.map((kind) => kind.split('/')[0]));
  const names = await readdir(root, { recursive: true });
  const found: string[] = [];
  for (const name of names.filter((one) => /\.(ya?ml|tpl)$/.test(one)).sort()) {
    const kinds = crdKinds(await readFile(join(root, name), 'utf8'));
    if (kinds.some((kind) => groups.has(kind.split('/')[0]))) found.push(join(root, name));
  }
  return found;
}
