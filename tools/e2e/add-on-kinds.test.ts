import { expect, test } from '@jest/globals';
import { clusterAddOns } from '../../apps/add-ons/cluster-add-ons.ts';
import { helmCharts } from '../lib/chart-keys/helm-charts.ts';
import { readRecords } from '../lib/chart-keys/record.ts';
import { groupOf } from '../lib/policy/identify.ts';
import { compileSample } from '../testing/sample.ts';

test('each add-on says of which API groups it installs the kinds, as its chart was recorded', async () => {
  const { config, compiled } = await compileSample();
  const records = readRecords();
  for (const cluster of config.platform.clusters) {
    const charts = helmCharts(compiled.manifests.filter((manifest) => manifest.cluster === cluster.name));
    const groupsOf = (name: string) =>
      charts
        .filter(({ manifest }) => manifest.file.startsWith(`${cluster.name}/platform/${name}/`))
        .filter(({ manifest }) => (manifest.object.spec as any).install.crds !== 'Skip')
        .flatMap(({ chart }) => Object.values(records.get(chart)?.versions ?? {}).at(-1)?.crds ?? [])
        .map(groupOf);
    const found = clusterAddOns(config, cluster)
      // The Gateway API comes from a repository and by no chart.
      .filter(({ name }) => name !== 'gateway-api')
      .map(({ name, installs = [] }) => ({
        name,
        installs: [...installs].sort(),
        is: [...new Set(groupsOf(name))].sort(),
      }));
    expect(found.filter(({ installs, is }) => installs.join() !== is.join())).toEqual([]);
  }
});
