import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { clusterAddOns } from '../../../apps/add-ons/cluster-add-ons.ts';
import { OPTIONAL_ADD_ONS } from '../../../config/add-ons.ts';
import type { Config } from '../../../config/load.ts';
import { sampleConfig } from '../../../config/testing/sample.ts';
import { ADD_ONS_PAGE, addOnsPage, staleAddOnsPage } from './add-ons-page.ts';

/** The cells of each row by its add-on: versions, what for, needs, costs, to do without it. */
function rows(config: Config): Map<string, string[]> {
  const lines = addOnsPage(config)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  return new Map(
    lines.map((line) => {
      const [name = '', ...cells] = line.slice(2, -2).split(' | ');
      return [name, cells];
    }),
  );
}

describe('the page on add-ons', () => {
  const config = sampleConfig();

  test('has a row for each add-on of each cluster, and for each that could be there', () => {
    const names = config.platform.clusters.flatMap((cluster) =>
      clusterAddOns(config, cluster).map(({ name }) => name),
    );
    expect(new Set(rows(config).keys())).toEqual(new Set([...names, ...Object.keys(OPTIONAL_ADD_ONS)]));
  });

  test('says all of each: versions by ring, what for, needs, costs and how to do without', () => {
    for (const [name, cells] of rows(config)) {
      expect([name, cells.length]).toEqual([name, config.platform.rings.length + 4]);
      expect(cells).not.toContain('');
    }
    expect(rows(config).get('flagger')?.slice(0, 3)).toEqual(
      Array(3).fill('flagger 1.44.0<br>flagger-loadtester 0.38.0'),
    );
    expect(rows(config).get('storage')?.slice(0, 3)).toEqual(Array(3).fill('ours'));
    // Where images are automated.
    expect(rows(config).get('image-alerts')?.slice(0, 3)).toEqual(['–', 'ours', '–']);
  });

  test('shows the version that each ring has', () => {
    const { versions } = config;
    const dev = versions.dev && { ...versions.dev, karpenter: '2.0.0' };
    const raised = { ...config, versions: { ...versions, ...(dev && { dev }) } };
    expect(rows(raised).get('karpenter')?.slice(0, 3)).toEqual(['2.0.0', '1.0.0', '1.0.0']);
  });

  test('says by which word an add-on is left out, or who stands on it', () => {
    const how = (name: string) => rows(config).get(name)?.at(-1);
    expect(how('external-dns')).toBe("`'external-dns': 'off'`");
    expect(how('karpenter')).toBe('it stays: karpenter-nodes stands on it');
    expect(how('container-insights')).toBe("`'container-insights': 'on'` brings it");
  });

  test('names no cluster, and holds nothing that Markdown would take for a tag', () => {
    const page = addOnsPage(config);
    for (const { name } of config.platform.clusters) expect(page).not.toContain(name);
    expect(page.match(/<(?!br>|!--)[a-z][^>]*>/g)?.filter((tag) => tag !== '<cluster>')).toEqual([]);
  });

  test('is stale when it says something else, and nobody asks for one that is not there', async () => {
    const root = await mkdtemp(join(tmpdir(), 'slipway-page-'));
    try {
      expect(staleAddOnsPage(root, config)).toBeUndefined();
      await mkdir(join(root, 'docs'));
      await writeFile(join(root, ADD_ONS_PAGE), 'something else');
      const page = staleAddOnsPage(root, config);
      expect(page).toBe(addOnsPage(config));
      await writeFile(join(root, ADD_ONS_PAGE), page ?? '');
      expect(staleAddOnsPage(root, config)).toBeUndefined();
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
