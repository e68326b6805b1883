import { Command, Option } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { bills } from '../lib/infra/cost/bill.ts';
import { PRICES_WRITTEN } from '../lib/infra/cost/prices.ts';
import { costMarkdown, costSum, costText } from '../lib/infra/cost/text.ts';
import { compiledTemplates } from '../lib/infra/diff/base-templates.ts';
import { ROOT } from '../lib/repo.ts';
import { UserError } from '../lib/user-error.ts';

interface Options {
  cluster?: string;
  markdown?: true;
  json?: true;
}

/** `npm run infra:cost`: what each cluster costs in a month, and what drives it. Needs no AWS account. */
export function command(): Command {
  return new Command()
    .description(
      `Says what each cluster costs in a month, and what drives it: from the templates, by approximate prices, written down on ${PRICES_WRITTEN}. Needs no AWS account.`,
    )
    .option('--cluster <name>', 'only this one')
    .addOption(new Option('--markdown', 'for a comment on a pull request').conflicts('json'))
    .option('--json', 'print JSON')
    .action(infraCost);
}

async function infraCost({ cluster, markdown, json }: Options): Promise<void> {
  const { platform } = await loadConfig(ROOT);
  const names = platform.clusters.map(({ name }) => name);
  if (cluster !== undefined && !names.includes(cluster))
    throw new UserError(`--cluster: found ${JSON.stringify(cluster)}; allowed: ${names.join(', ')}`);
  const all = bills(platform, await compiledTemplates(ROOT)).filter(
    ({ of }) => cluster === undefined || of === cluster,
  );
  if (json) console.log(JSON.stringify({ pricesWritten: PRICES_WRITTEN, bills: all }, null, 2));
  else if (markdown) process.stdout.write(costMarkdown(all));
  else console.log(`${costText(all)}\n`);
  if (!json && !markdown) console.log(costSum(all));
}
