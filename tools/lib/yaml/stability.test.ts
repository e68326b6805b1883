import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { RULES, type Rule, unstable } from './stability.ts';

const FOLDER = join(import.meta.dirname, 'fixtures');
/** `<rule>[-in-…].before.yaml` is what somebody wrote; `.after.yaml` is what Flux makes of it, where it can be kept. */
const fixtures = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.before.yaml'))
  .map((file) => file.replace('.before.yaml', ''));
const ruleOf = (fixture: string) => fixture.replace(/-in-a-.*/, '') as Rule;
const rulesIn = (file: string) => [
  ...new Set(unstable(readFileSync(join(FOLDER, file), 'utf8')).map(({ rule }) => rule)),
];

describe("what Flux's re-encoding changes", () => {
  test.each(fixtures)('is told: %s', (fixture) => {
    expect(rulesIn(`${fixture}.before.yaml`)).toEqual([ruleOf(fixture)]);
  });

  test.each(fixtures.filter((fixture) => existsSync(join(FOLDER, `${fixture}.after.yaml`))))(
    'is nothing once Flux has written it: %s',
    (fixture) => {
      expect(rulesIn(`${fixture}.after.yaml`)).toEqual([]);
    },
  );

  test('every rule has a fixture', () => {
    expect([...new Set(fixtures.map(ruleOf))].sort()).toEqual(Object.keys(RULES).sort());
  });

  test('is told with its line', () => {
    expect(unstable('a: 1\nb:\n    c: 2\n')).toEqual([{ rule: 'indentation', line: 3 }]);
  });

  test('is nothing in a file of several documents as we write them', () => {
    expect(unstable('# Compiled.\n\na: 1\nlist:\n- b\n---\nc: |\n  d\n\n  e\n')).toEqual([]);
  });
});
