import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { Listr } from 'listr2';
import { ConfigError } from '../../config/errors.ts';
import { loadConfig } from '../../config/load.ts';
import { oddsFindings } from '../lib/canary/report/odds-findings.ts';
import { checkRepo } from '../lib/check/check-repo.ts';
import { lines } from '../lib/check/lines.ts';
import { notices } from '../lib/check/notices.ts';
import { count } from '../lib/count.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { checkReleaseSteps } from '../lib/release-steps/check-release-steps.ts';
import { ROOT } from '../lib/repo.ts';
import { compile } from '../lib/synth/compile.ts';
import { UserError } from '../lib/user-error.ts';

/** `npm run check`: what CI and a person before a commit want to know. Writes nothing. */
export function command(): Command {
  return new Command()
    .description(
      'Checks types and style; that dist/ is what the code compiles to; that every object fits the schema of its kind and keeps the policies of docs/policies.md; and that it may follow on the main branch in one commit. Says what is suspended or pinned. Writes nothing.',
    )
    .option(
      '--base <ref>',
      'the branch, tag or commit it is to follow (default: where HEAD left origin/main, or main)',
    )
    .action(check);
}

/** One of the checks. */
interface Check {
  /** Its name, as in "types are fine". */
  name: string;
  /** What it found, for a person: a line or more each. */
  run: () => Promise<string[]>;
}

async function check({ base }: { base?: string }): Promise<void> {
  const elapsed = stopwatch();
  // A wrong config stops here, before it shows up as something else.
  const config = await loadConfig(ROOT);
  let objects = 0;
  let skipped: string | undefined;
  let doubtful: string[] = [];
  const checks: Check[] = [
    { name: 'types', run: () => tool('tsc', ['--noEmit', '-p', '.']) },
    { name: 'style', run: () => tool('biome', ['check', '--colors=off', '.']) },
    {
      name: 'manifests',
      async run() {
        try {
          const compiled = await compile(config);
          objects = compiled.objects;
          const odds = oddsFindings(compiled.manifests, config.platform);
          doubtful = lines(odds.doubtful);
          return lines([...checkRepo(ROOT, config, compiled), ...odds.wrong]);
        } catch (error) {
          // The types may say why the code does not compile: so they are told too, here beside it.
          if (!(error instanceof ConfigError || error instanceof UserError)) throw error;
          return error.message.replaceAll('; `npm run check` may say more', '').split('\n');
        }
      },
    },
    {
      name: 'steps of releases',
      async run() {
        const steps = await checkReleaseSteps(ROOT, base);
        skipped = steps.skipped;
        return lines(steps.findings);
      },
    },
  ];

  const found = new Map<string, string[]>();
  const tasks = checks.map(({ name, run }) => ({
    title: name,
    task: async () => void found.set(name, await run()),
  }));
  const isSilent = () => !process.stdout.isTTY;
  await new Listr(tasks, {
    concurrent: true,
    fallbackRenderer: 'silent',
    fallbackRendererCondition: isSilent,
  }).run();

  const wrong = checks.map(({ name }) => name).filter((name) => found.get(name)?.length);
  for (const name of wrong) console.log(found.get(name)?.join('\n'));
  for (const notice of notices(config)) console.log(notice);
  for (const line of doubtful) console.log(`warning: ${line}`);
  if (skipped !== undefined) console.log(`the steps of releases were not checked: ${skipped}`);
  console.log(
    wrong.length === 0
      ? `types, style and ${count(objects, 'object')} are fine, in ${elapsed()}`
      : `found something in: ${wrong.join(', ')} (in ${elapsed()})`,
  );
  process.exitCode = wrong.length === 0 ? EXIT.ok : EXIT.found;
}

/** What a tool from node_modules has to say, or nothing when it is content. */
async function tool(name: string, args: string[]): Promise<string[]> {
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
  return code === 0 ? [] : [`${name}:\n${said.trim()}`];
}
