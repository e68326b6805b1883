import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { clusterNames, compareDists } from '../lib/diff/compare-dists.ts';
import { resolveBase } from '../lib/diff/git.ts';
import { readDists } from '../lib/diff/read-dist.ts';
import { staleness } from '../lib/diff/stale.ts';
import { markdown } from '../lib/diff/text/markdown.ts';
import { type Style, terminal } from '../lib/diff/text/terminal.ts';
import { EXIT } from '../lib/exit.ts';
import { repeated } from '../lib/options.ts';
import { DIST, ROOT } from '../lib/repo.ts';
import { UserError } from '../lib/user-error.ts';

interface Options {
  base?: string;
  cluster: string[];
  markdown?: boolean;
  json?: boolean;
  exitCode?: boolean;
}

/** `npm run diff`: what a change does to each cluster, object by object. Writes nothing. */
export function command(): Command {
  return new Command()
    .description(
      'Says what a change does to each cluster: dist/ as it stands here, against dist/ at another commit. Run `npm run synth` first.',
    )
    .option(
      '--base <ref>',
      'a branch, tag or commit to compare with (default: where HEAD left origin/main, or main)',
    )
    .addOption(
      new Option('--cluster <name>', 'only this cluster; may be given more than once')
        .argParser(repeated)
        .default([], 'all of them'),
    )
    .addOption(new Option('--markdown', 'for a comment on a pull request').conflicts('json'))
    .option('--json', 'for a program; tools/lib/diff/report.ts says what it holds')
    .option('--exit-code', 'exit with 1 when something changes')
    .action(diff);
}

async function diff({ base: ref, cluster: wanted, ...options }: Options): Promise<void> {
  const base = await resolveBase(ROOT, ref);
  const stale = await staleness(ROOT, DIST);
  if (stale !== undefined) console.error(stale);
  const dists = await readDists(ROOT, base.commit, wanted);
  const unknown = wanted.filter((name) => !clusterNames(dists).includes(name));
  if (unknown.length > 0)
    throw new UserError(`--cluster: dist/ holds no ${unknown.join(', ')}, neither here nor at ${base.ref}`);

  const report = compareDists(base, dists);
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else if (options.markdown) process.stdout.write(markdown(report));
  else process.stdout.write(terminal(report, paint));
  process.exitCode = options.exitCode && report.clusters.length > 0 ? EXIT.found : EXIT.ok;
}

const COLOURS: Readonly<Record<Style, Parameters<typeof styleText>[0]>> = {
  title: 'bold',
  added: 'green',
  removed: 'red',
  changed: 'yellow',
  faint: 'dim',
  danger: ['bold', 'red'],
  warning: 'magenta',
  info: 'cyan',
};

/** Node leaves the colours out where stdout is no terminal, or `NO_COLOR` is set. */
function paint(style: Style, text: string): string {
  return styleText(COLOURS[style], text);
}
