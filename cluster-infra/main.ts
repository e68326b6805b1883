// What `cdk` runs, and `npm run infra:synth`: templates of every stack, in the folder that CDK_OUTDIR names.
//
//   --inventory=write   also writes cluster-infra/inventory/
//   --inventory=check   says which of its files are stale
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { loadConfig } from '../config/load.ts';
import type { Platform } from '../config/schema.ts';
import { findings } from './checks/findings.ts';
import type { Template } from './checks/iam-findings.ts';
import { overLimits } from './checks/limits.ts';
import { infraApp } from './infra-app.ts';
import { type InventoryFile, inventory } from './inventory.ts';

const INVENTORY = join(import.meta.dirname, 'inventory');

const { values } = parseArgs({ options: { inventory: { type: 'string' } } });
const { platform } = await loadConfig(`${import.meta.dirname}/..`);
const checks = process.env.CDK_VALIDATION !== 'false';
const app = infraApp(platform, { checks });
const assembly = app.synth();
const found = checks ? findings(app, assembly.directory) : [];
for (const { rule, at, says } of found) fail(`${rule}: ${at}: ${says}`);
for (const says of overLimits(assembly)) fail(`cloudformation-limit: ${says}`);
if (values.inventory !== undefined)
  keepInventory(inventoryOf(platform, assembly), values.inventory === 'write');

function fail(line: string): void {
  console.error(line);
  process.exitCode = 1;
}

function inventoryOf(platform: Platform, { stacks }: CloudAssembly): InventoryFile[] {
  return inventory(
    platform,
    stacks.map(({ stackName, template }) => ({ stack: stackName, template: template as Template })),
  );
}

function keepInventory(files: readonly InventoryFile[], write: boolean): void {
  mkdirSync(INVENTORY, { recursive: true });
  const there = new Map(
    readdirSync(INVENTORY).map((name) => [name, readFileSync(join(INVENTORY, name), 'utf8')]),
  );
  const stale = files.filter(({ name, text }) => there.get(name) !== text).map(({ name }) => name);
  const gone = [...there.keys()].filter((name) => !files.some((file) => file.name === name));
  if (!write) {
    for (const name of [...stale, ...gone])
      fail(
        `stale-inventory: cluster-infra/inventory/${name}: run \`npm run infra:synth\` and look at the change`,
      );
    return;
  }
  for (const name of gone) rmSync(join(INVENTORY, name));
  for (const { name, text } of files) writeFileSync(join(INVENTORY, name), text);
}
