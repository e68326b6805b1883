import { expect, test } from '@jest/globals';
import { CLUSTER_VARS, clusterVar } from './cluster-vars.ts';

test('writes a variable as Flux substitutes it', () =>
  expect(clusterVar('DATABASE_HOST')).toBe('${DATABASE_HOST}'));

test('has keys only that Flux takes for variables, each with what its value is', () => {
  for (const [key, value] of Object.entries(CLUSTER_VARS)) {
    expect(key).toMatch(/^[A-Z][A-Z0-9_]*$/);
    expect(value).not.toBe('');
  }
});
