import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { Listr } from 'listr2';
import { loadConfig } from '../../config/load.ts';
import { checkRepo } from '../lib/check/check-repo.ts';
import { line } from '../lib/check/judge.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { type CheckedSteps, checkReleaseSteps } from '../lib/release-steps/check-release-steps.ts';
import { ROOT } from '../lib/repo.ts';
import { compile } from '../lib/synth/compile.ts';

/** `npm run check`: what CI and a person before a commit want to know. Writes nothing. */
export function command(): Command {
  return new Command()
    .description(
      'Checks types, style, that dist/ is what the code compiles to and holds together, and that it may follow on the main branch in one commit.',
    )
    .option(
      '--base <ref>',
      'the branch, tag or commit it is to follow (default: where HEAD left origin/main, or main)',
    )
    .action(check);
}

async function check({ base }: { base?: string }): Promise<void> {
  const elapsed = stopwatch();
  // A wrong config stops here, before it shows up as something else.
  const config = await loadConfig(ROOT);
  const reports: string[] = [];
  let objects = 0;
  let steps: CheckedSteps = { findings: [] };
  const tasks = new Listr(
    [
      { title: 'types', task: async () => void reports.push(await tool('tsc', ['--noEmit', '-p', '.'])) },
      {
        title: 'style',
        task: async () => void reports.push(await tool('biome', ['check', '--colors=off', '.'])),
      },
      {
        title: 'manifests',
        task: async () => {
          const compiled = await compile(config);
          objects = compiled.objects;
          reports.push(...checkRepo(ROOT, config, compiled).map(line));
        },
      },
      {
        title: 'steps of releases',
        task: async () => {
          steps = await checkReleaseSteps(ROOT, base);
          reports.push(...steps.findings.map(line));
        },
      },
    ],
    { concurrent: true, fallbackRenderer: 'silent', fallbackRendererCondition: () => !process.stdout.isTTY },
  );
  await tasks.run();
  const found = reports.filter((report) => report !== '');
  for (const report of found) console.error(report);
  if (steps.skipped !== undefined) console.error(`the steps of releases were not checked: ${steps.skipped}`);
  console.log(
    found.length === 0
      ? `types, style and ${objects} objects are fine, in ${elapsed()}`
      : `${found.length} findings, in ${elapsed()}`,
  );
  process.exitCode = found.length === 0 ? EXIT.ok : EXIT.found;
}

/** What a tool from node_modules has to say, or nothing when it is content. */
async function tool(name: string, args: string[]): Promise<string> {
  const child = spawn(join(ROOT, 'node_modules/.bin', name), args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  return code === 0 ? '' : `${name}:\n${said.trim()}`;
}
