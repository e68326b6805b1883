import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../../config/load.ts';
import type { Platform } from '../../../../config/schema.ts';
import { ROOT } from '../../repo.ts';
import type { Template } from '../templates.ts';
import { compiledTemplates } from './base-templates.ts';
import { type DiffReport, diffReport } from './report.ts';
import { diffMarkdown, diffSum, diffText } from './text.ts';

let platform: Platform;
let templates: Map<string, Template>;

beforeAll(async () => {
  ({ platform } = await loadConfig(ROOT));
  templates = await compiledTemplates(ROOT);
});

/** The report of a change to the stacks of the platform: `edit` is given each template that ends so. */
function after(suffix: string, edit: (template: Template) => void): DiffReport {
  const changed = new Map(templates);
  for (const [stack, template] of templates) {
    if (!stack.endsWith(suffix)) continue;
    const copy = JSON.parse(JSON.stringify(template));
    edit(copy);
    changed.set(stack, copy);
  }
  return diffReport(platform, templates, changed);
}

const withType = ({ Resources = {} }: Template, type: string) => {
  const found = Object.values(Resources).find(({ Type }) => Type === type);
  if (found?.Properties === undefined) throw new Error(`no ${type}`);
  return { ...found, Properties: found.Properties };
};

test('nothing changed', () => {
  const report = after('-none', () => undefined);
  expect(diffText(report)).toBe('');
  expect(diffSum(report)).toBe('no resource changes');
  expect(diffMarkdown(report)).toBe('No change in AWS.\n');
});

describe('a change that replaces the database', () => {
  const replaced = () =>
    after('-data', (template) => {
      withType(template, 'AWS::RDS::DBInstance').Properties.StorageEncrypted = false;
    });

  test("is told in every ring, and blocked where it is production's", () => {
    const { losses, blocked } = replaced();
    expect(losses.map(({ stack }) => stack)).toEqual([
      'dev-eu-west-1-data',
      'prod-eu-west-1-data',
      'staging-eu-west-1-data',
    ]);
    expect(blocked.map(({ stack, name, because }) => ({ stack, name, because }))).toEqual([
      { stack: 'prod-eu-west-1-data', name: 'prod-eu-west-1', because: ['StorageEncrypted'] },
    ]);
  });

  test('says what goes with it', () => {
    const report = replaced();
    expect(diffText(report)).toContain(
      "! AWS::RDS::DBInstance prod-eu-west-1 is replaced: StorageEncrypted; with it goes the apps' data",
    );
    expect(diffSum(report)).toBe(
      "3 replaced; 3 with state; 1 of them production's data, which no deployment may take",
    );
    expect(diffMarkdown(report)).toContain('- 🛑 `prod-eu-west-1-data`');
    expect(diffMarkdown(report)).toContain('- ⚠️ `dev-eu-west-1-data`');
  });
});

test('a database that only grows is no loss', () => {
  const { losses, changes } = after('-data', (template) => {
    withType(template, 'AWS::RDS::DBInstance').Properties.AllocatedStorage = '200';
  });
  expect(changes).toHaveLength(3);
  expect(losses).toEqual([]);
});

test('a retained key that goes from its template is a loss all the same', () => {
  const { blocked } = after('prod-eu-west-1-data', ({ Resources = {} }) => {
    for (const [id, { Type }] of Object.entries(Resources))
      if (Type === 'AWS::KMS::Key') delete Resources[id];
  });
  expect(blocked).toMatchObject([{ fate: 'goes', isKept: true }]);
});

test('a range that moves takes the whole network with it, and says so', () => {
  const report = after('dev-eu-west-1-network', (template) => {
    withType(template, 'AWS::EC2::VPC').Properties.CidrBlock = '10.99.0.0/16';
  });
  const replaced = report.changes.filter(({ fate }) => fate === 'is replaced').map(({ type }) => type);
  expect(replaced).toEqual(
    expect.arrayContaining(['AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::SecurityGroup']),
  );
  expect(diffText(report)).toContain('with it goes all that is in it');
});

test('stacks that no template describes any more are not forgotten', () => {
  const fewer = new Map([...templates].filter(([stack]) => !stack.startsWith('dev-')));
  const report = diffReport(platform, templates, fewer);
  expect(report.forgotten).toContain('dev-eu-west-1-network');
  expect(diffSum(report)).toBe('no resource changes; 7 stacks left behind');
});
