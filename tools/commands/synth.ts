import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { judge } from '../lib/check/judge.ts';
import { lines } from '../lib/check/lines.ts';
import { count } from '../lib/count.ts';
import { ADD_ONS_PAGE, staleAddOnsPage } from '../lib/docs/add-ons-page.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { DIST, ROOT, SLIPWAY } from '../lib/repo.ts';
import { compile } from '../lib/synth/compile.ts';
import { notes } from '../lib/synth/notes.ts';
import { publish } from '../lib/synth/publish.ts';
import { checkSelection, type Selection, selected } from '../lib/synth/select.ts';

/** Where the stock CLI puts what it lists afterwards; `cdk8s.yaml` names it, because the CLI empties that folder first. */
const CLI_OUTPUT = resolve(SLIPWAY, 'synth');

/** `npm run synth` and what `cdk8s synth` runs: config in, `dist/` out. */
export function command(): Command {
  return new Command()
    .description(
      'Compiles every cluster into dist/. Writes only what changed, and nothing when the config is wrong.',
    )
    .option('--cluster <name>', 'write only what belongs to one cluster')
    .option('--app <name>', 'write only one app')
    .addHelpText('after', '\nWith SLIPWAY_VERBOSE=1, an error in the code of an app shows its stack.')
    .action(synth);
}

async function synth(selection: Selection): Promise<void> {
  const elapsed = stopwatch();
  const config = await loadConfig(ROOT);
  checkSelection(config.platform, selection);
  // All of it is compiled, since what is right in one part can be wrong beside another.
  const compiled = await compile(config);
  const findings = judge(config, compiled);
  if (findings.length > 0) {
    const told = lines(findings);
    for (const line of told) console.error(line);
    console.error(`${count(told.length, 'finding')}; nothing was written`);
    process.exitCode = EXIT.found;
    return;
  }

  const cliOutput = process.env.CDK8S_OUTDIR && resolve(process.env.CDK8S_OUTDIR);
  if (cliOutput) publish(compiled, cliOutput, SLIPWAY);
  // With --stdout or --output the CLI names another folder: then the user wants it there and dist/ left alone.
  if (cliOutput && cliOutput !== CLI_OUTPUT) return;

  const { written, removed, unchanged } = publish(
    { files: await selected(compiled.files, DIST, selection) },
    DIST,
    SLIPWAY,
  );
  const page = staleAddOnsPage(ROOT, config);
  if (page !== undefined) {
    writeFileSync(join(ROOT, ADD_ONS_PAGE), page);
    console.log(`  wrote   ${ADD_ONS_PAGE}`);
  }
  for (const path of written) console.log(`  wrote   ${relative(ROOT, DIST)}/${path}`);
  for (const path of removed) console.log(`  removed ${relative(ROOT, DIST)}/${path}`);
  for (const note of notes(compiled)) console.log(`note: ${note}`);
  console.log(
    `${compiled.files.size} files, ${compiled.objects} objects: ${written.length} written, ${removed.length} removed, ${unchanged} unchanged in ${elapsed()}`,
  );
}
