import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT } from '../lib/exit.ts';
import { ROOT } from '../lib/repo.ts';

/** `npm run reliability`: the service's promises, shown with real processes. All options are the service's own. */
export function command(): Command {
  return new Command()
    .description('Shows that the service keeps its promises: `npm run reliability -- --help`.')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[arguments...]')
    .action((words: string[]) => {
      const main = join(ROOT, 'service/reliability/main.ts');
      process.exitCode =
        spawnSync(process.execPath, [main, ...words], { stdio: 'inherit' }).status ?? EXIT.unable;
    });
}
