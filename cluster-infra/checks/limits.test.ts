import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { overLimits } from './limits.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limits-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const many = (number: number) =>
  Object.fromEntries(Array.from({ length: number }, (_, index) => [`R${index}`, {}]));

/** What is said of one stack with this template, in a file of so many bytes. */
function said(template: object, bytes = 100): string[] {
  const templateFullPath = join(folder, 'template.json');
  writeFileSync(templateFullPath, ' '.repeat(bytes));
  const stack = { stackName: 'dev-network', template, templateFullPath };
  return overLimits({ stacks: [stack] } as unknown as CloudAssembly);
}

test.each<[string, object, number | undefined]>([
  ['resources', { Resources: many(500) }, undefined],
  ['outputs', { Outputs: many(200) }, undefined],
  ['bytes', {}, 1_000_000],
])('a template with as many %s as CloudFormation takes is fine', (_, template, bytes) => {
  expect(said(template, bytes)).toEqual([]);
});

test.each<[string, object, number | undefined, string]>([
  ['resources', { Resources: many(501) }, undefined, 'dev-network has 501 resources; allowed: 500'],
  ['outputs', { Outputs: many(201) }, undefined, 'dev-network has 201 outputs; allowed: 200'],
  ['parameters', { Parameters: many(201) }, undefined, 'dev-network has 201 parameters; allowed: 200'],
  ['mappings', { Mappings: many(201) }, undefined, 'dev-network has 201 mappings; allowed: 200'],
  ['bytes', {}, 1_000_001, 'dev-network has 1000001 bytes; allowed: 1000000'],
])('one with more %s is said', (_, template, bytes, says) => {
  expect(said(template, bytes)).toEqual([says]);
});
