import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT } from '../lib/exit.ts';
import { ROOT } from '../lib/repo.ts';

/** `npm test`: jest over ES modules; what follows `--` goes to jest as it is. */
export function command(): Command {
  return new Command()
    .description('Runs every test; options go to jest: `npm test -- config`, `npm test -- --watch`.')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[jest...]')
    .action((jestArguments: string[]) => {
      const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
      // jest runs ES modules only behind this flag; the warning it brings says nothing about our code.
      const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
      process.exitCode =
        spawnSync(process.execPath, [...node, jest, ...jestArguments], { stdio: 'inherit' }).status ??
        EXIT.unable;
    });
}
