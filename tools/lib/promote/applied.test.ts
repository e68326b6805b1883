import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { clusterAddOns } from '../../../apps/add-ons/cluster-add-ons.ts';
import { sampleTexts } from '../../../config/testing/sample.ts';
import { compileSample } from '../../testing/sample.ts';
import { ScratchBranch } from '../../testing/scratch-branch.ts';
import { ofWhatWasApplied } from './applied.ts';
import type { Status } from './evidence.ts';
import { FILES, readTimeline } from './timeline.ts';

let branch: ScratchBranch;
beforeEach(() => {
  branch = new ScratchBranch();
});
afterEach(() => branch[Symbol.dispose]());

test('every success counts where dist/ holds what the lines say, and none where it does not', async () => {
  const { config, compiled } = await compileSample();
  const { images, versions } = sampleTexts();
  branch.write({ [FILES.image]: images, [FILES.version]: versions });
  branch.write(Object.fromEntries([...compiled.files].map(([path, text]) => [`dist/${path}`, text])));
  const compiledCommit = branch.commit(1000);
  // Somebody raises everything, and forgets to compile.
  const raise = (text: string) =>
    text.replaceAll(
      /(: \S*?)(\d+)(\.\d+\.\d+)/g,
      (_, before, major, rest) => `${before}${Number(major) + 1}${rest}`,
    );
  branch.write({ [FILES.image]: raise(images), [FILES.version]: raise(versions) });
  const forgotten = branch.commit(2000);
  const points = await readTimeline(branch.root, 'main');

  const places = config.platform.clusters.flatMap((cluster) => [
    ...cluster.apps.map((kustomization) => ({ cluster: cluster.name, kustomization })),
    ...clusterAddOns(config, cluster)
      .filter(({ charts }) => charts !== undefined)
      .map(({ name }) => ({ cluster: cluster.name, kustomization: name })),
  ]);
  const said = (commit: string, state: Status['state']) =>
    places.map((place) => ({ ...place, commit, state, at: 3000 }));
  const counted = (statuses: Status[]) => ofWhatWasApplied(branch.root, config, points, statuses);
  expect(places.length).toBeGreaterThan(3 * 10);
  expect(await counted(said(compiledCommit, 'success'))).toEqual(said(compiledCommit, 'success'));
  expect(await counted(said(forgotten, 'success'))).toEqual([]);
  expect(await counted(said(forgotten, 'failure'))).toEqual(said(forgotten, 'failure'));
  expect(await counted(said('f'.repeat(40), 'failure'))).toEqual([]);
});
