import { styleText } from 'node:util';
import { Command } from 'commander';
import { count } from '../lib/count.ts';
import { examine, type Found } from '../lib/doctor/examine.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { ROOT } from '../lib/repo.ts';

/** `npm run doctor`: what is missing on this machine, and how to get it. */
export function command(): Command {
  return new Command()
    .description(
      'Says what the commands need of this machine, what of it is missing and how to get it. Changes nothing.',
    )
    .option('--json', 'print it as JSON')
    .action(doctor);
}

async function doctor({ json }: { json?: boolean }): Promise<void> {
  const elapsed = stopwatch();
  const all = await examine(ROOT, process.env);
  const missing = all.filter(({ found }) => found === undefined);
  const vital = missing.filter(({ isVital }) => isVital);
  if (json) console.log(JSON.stringify(all, null, 2));
  else for (const one of all) for (const line of shown(one)) console.log(line);
  const summary = `${count(all.length - missing.length, 'thing')} there, ${missing.length} missing`;
  console.error(
    `${summary}${vital.length > 0 ? `, without ${vital.map(({ name }) => name).join(', ')} nothing works` : ''}, in ${elapsed()}`,
  );
  process.exitCode = vital.length === 0 ? EXIT.ok : EXIT.found;
}

function shown({ name, purpose, remedy, found, isVital }: Found): string[] {
  if (found !== undefined) return [`${styleText('green', 'there')}    ${name.padEnd(18)}${found}`];
  const word = isVital ? styleText('red', 'missing') : styleText('yellow', 'missing');
  return [`${word}  ${name.padEnd(18)}for ${purpose}`, `${' '.repeat(27)}get it: ${remedy}`];
}
