import { Command, InvalidArgumentError, Option } from 'commander';
import { notOneOf } from '../../config/checks/refusal.ts';
import { type Config, loadConfig } from '../../config/load.ts';
import { count } from '../lib/count.ts';
import { resolveBase } from '../lib/diff/git.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { repeated, wholeNumber } from '../lib/options.ts';
import { ofWhatWasApplied } from '../lib/promote/applied.ts';
import { type Edit, prepare, write } from '../lib/promote/apply.ts';
import { commitOnBranch } from '../lib/promote/branch.ts';
import { Evidence } from '../lib/promote/evidence.ts';
import { evidenceOf, readEvidenceFile } from '../lib/promote/evidence-file.ts';
import { fetchStatuses } from '../lib/promote/git-host.ts';
import { judgeChange } from '../lib/promote/judge-change.ts';
import { type Knowledge, moves, plan, promotedRings, type RingPlan } from '../lib/promote/plan.ts';
import { commitMessage, judgedTable, planTable } from '../lib/promote/table.ts';
import { HISTORY, type Point, readTimeline } from '../lib/promote/timeline.ts';
import { ROOT } from '../lib/repo.ts';
import { UserError } from '../lib/user-error.ts';

interface Options {
  ring: string[];
  evidence?: string;
  now?: Date;
  check?: boolean;
  base?: string;
  branch?: string;
  history: number;
  json?: boolean;
  dryRun?: boolean;
}

/** `npm run promote`: to each ring, what proved itself in the ring before. */
export function command(): Command {
  return new Command()
    .description(
      "Moves each ring that asks for a person's yes to the newest image of each app that succeeded in the ring before and soaked there, and every ring but the first to such versions of add-ons: by git's history and what Flux said on commits. Edits apps/images.yaml, config/versions.yaml and dist/; the yes is your merge.",
    )
    .addOption(
      new Option('--ring <name>', 'only this ring; may be given more than once')
        .argParser(repeated)
        .default([], 'all but the first'),
    )
    .option('--evidence <file>', "commit statuses as JSON, in place of the git host's (docs/release.md)")
    .option('--now <time>', 'decide as of this time, in ISO 8601 (default: now)', time)
    .option('--history <commits>', 'how many commits to look back', wholeNumber(), HISTORY)
    .addOption(
      new Option('--branch <name>', 'commit there and leave the working tree alone').conflicts([
        'check',
        'dryRun',
      ]),
    )
    .option('--dry-run', 'write nothing')
    .option(
      '--check',
      'judge the change that is here by the same rules: exits with 1 when it moves a ring to something else',
    )
    .option('--base <ref>', 'with --check: what it changes (default: where HEAD left origin/main, or main)')
    .option('--json', 'for a program')
    .action(promote);
}

async function promote(options: Options): Promise<void> {
  const elapsed = stopwatch();
  const config = await loadConfig(ROOT);
  checkRings(config, options.ring);
  const base = options.check ? (await resolveBase(ROOT, options.base)).commit : 'HEAD';
  const points = await readTimeline(ROOT, base, options.history);
  const said = evidenceOf(await statuses(config, points, options));
  const evidence = new Evidence(await ofWhatWasApplied(ROOT, config, points, said));
  const knowledge: Knowledge = { points, evidence, now: (options.now ?? new Date()).getTime() };
  if (options.check) check(config, knowledge, options, elapsed);
  else await move(config, knowledge, options, elapsed);
}

function statuses({ platform }: Config, points: readonly Point[], { evidence }: Options) {
  if (evidence !== undefined) return readEvidenceFile(evidence);
  return fetchStatuses(platform.git, points.map(({ commit }) => commit).reverse(), process.env);
}

async function move(
  config: Config,
  knowledge: Knowledge,
  options: Options,
  elapsed: () => string,
): Promise<void> {
  const plans = plan(config, options.ring, knowledge);
  const edits = editsOf(plans);
  const prepared = await prepare(ROOT, config, edits);
  const { changed } = prepared;
  let where = '';
  if (options.branch !== undefined) {
    const branched = await commitOnBranch(ROOT, options.branch, prepared, commitMessage(plans));
    if (branched) where = `, ${BRANCHED[branched.is]} ${branched.commit.slice(0, 10)} on ${options.branch}`;
  } else if (!options.dryRun) write(ROOT, prepared);

  if (options.json) console.log(JSON.stringify(report(knowledge, plans, changed), null, 2));
  else {
    for (const line of planTable(plans)) console.log(line);
    for (const file of changed) console.log(`  ${options.dryRun ? 'would change' : 'changed'} ${file}`);
  }
  const what =
    edits.length === 0
      ? 'nothing to promote'
      : `${edits.length} promoted in ${count(changed.length, 'file')}`;
  console.error(
    `${what}${options.dryRun && edits.length > 0 ? ', but not written' : ''}${where}, in ${elapsed()}`,
  );
}

/** What became of a branch, in words before its commit. */
const BRANCHED = { new: 'committed as', same: 'said already by', emptied: 'put back to' } as const;

function editsOf(plans: readonly RingPlan[]): Edit[] {
  return plans.flatMap((ring) =>
    ring.decisions.flatMap((decision) => {
      const { kind, name, to } = decision;
      return to !== undefined && moves(ring, decision) ? [{ kind, name, ring: ring.ring, value: to }] : [];
    }),
  );
}

/** What `--json` prints. */
function report({ points, now }: Knowledge, rings: readonly RingPlan[], changed: readonly string[]) {
  const history = { commits: points.length, newest: points.at(-1)?.commit };
  return { version: 1, now: new Date(now).toISOString(), history, rings, changed };
}

function check(config: Config, knowledge: Knowledge, { ring, json }: Options, elapsed: () => string): void {
  const { lines, commit } = knowledge.points.at(-1) ?? { lines: { image: new Map(), version: new Map() } };
  const judged = judgeChange(config, lines, ring, knowledge);
  const refused = judged.filter((line) => line.refused !== undefined).length;
  if (json) console.log(JSON.stringify({ version: 1, base: commit, lines: judged }, null, 2));
  else for (const line of judgedTable(judged)) console.log(line);
  const rings = promotedRings(config, ring).map(({ name }) => name);
  console.error(
    judged.length === 0
      ? `nothing moves in ${rings.join(', ')}, in ${elapsed()}`
      : `${judged.length} moved, ${refused} refused, in ${elapsed()}`,
  );
  process.exitCode = refused === 0 ? EXIT.ok : EXIT.found;
}

/** @throws UserError when nothing is promoted to a ring */
function checkRings(config: Config, rings: readonly string[]): void {
  const names = promotedRings(config).map(({ name }) => name);
  for (const ring of rings) {
    if (!names.includes(ring)) throw new UserError(`--ring: ${notOneOf(ring, names)}`);
  }
}

function time(text: string): Date {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('allowed: a time in ISO 8601, such as 2026-11-20T14:00Z.');
}
