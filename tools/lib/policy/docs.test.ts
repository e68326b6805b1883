import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../repo.ts';
import { POLICIES } from './table.ts';

test('docs/policies.md says of each policy what the code says', () => {
  const rows = readFileSync(join(ROOT, 'docs/policies.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name, , reason]) => ({ name, reason }));
  expect(rows).toEqual(POLICIES.map(({ name, reason }) => ({ name: `\`${name}\``, reason })));
});
