import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { ROOT } from '../lib/repo.ts';
import { FORBIDDEN, OPTIONS } from './layers.ts';

const FOLDERS = ['apps', 'charts', 'cluster-infra', 'config', 'flux', 'service', 'tools'];

describe('the layers', () => {
  test('every folder imports only what it may, without cycles', async () => {
    const { output } = await cruise(
      FOLDERS.filter((folder) => existsSync(join(ROOT, folder))),
      {
        ...OPTIONS,
        baseDir: ROOT,
        validate: true,
        ruleSet: { forbidden: FORBIDDEN },
      },
    );
    const { summary } = output as ICruiseResult;
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(50);
  });

  test('each rule says why', () => {
    for (const rule of FORBIDDEN) expect(rule.comment).toMatch(/\.$/);
  });
});
