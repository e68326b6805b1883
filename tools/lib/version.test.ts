import { expect, it } from '@jest/globals';
import { compareVersions } from './version.ts';

const RISING = [
  '0.1.0',
  '0.2.0-alpha',
  '0.2.0-alpha.1',
  '0.2.0-alpha.beta',
  '0.2.0-rc.2',
  '0.2.0-rc.10',
  '0.2.0',
  '0.10.0',
  '1.0.0',
];

it.each(RISING.slice(1).map((version, index) => [RISING[index] as string, version]))(
  '%s comes before %s',
  (a, b) => {
    expect(compareVersions(a, b)).toBeLessThan(0);
    expect(compareVersions(b, a)).toBeGreaterThan(0);
  },
);

it.each([
  ['1.2.3', '1.2.3'],
  ['v1.2.3', '1.2.3'],
  ['1.2.3+linux', '1.2.3+arm'],
  ['latest', 'latest'],
])('%s is no other than %s', (a, b) => expect(compareVersions(a, b)).toBe(0));

it('orders versions of the same channel', () => {
  expect(compareVersions('edge-26.8.3', 'edge-26.10.1')).toBeLessThan(0);
});

it('does not order what are no versions', () => {
  expect(compareVersions('latest', '1.0.0')).toBeUndefined();
  expect(compareVersions('edge-26.8.3', 'stable-26.8.4')).toBeUndefined();
});
