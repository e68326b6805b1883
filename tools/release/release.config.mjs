// How semantic-release makes a release of the service, from the conventional commits since the one before.
import { fileURLToPath } from 'node:url';

/** A plugin by its path: semantic-release would look for it in the packages of the repo, and it is in those beside this. */
const plugin = (name) => fileURLToPath(import.meta.resolve(`@semantic-release/${name}`));

/** Only commits of the service make a version of it: what changes the platform reaches the clusters by Flux, and needs none. */
export const releaseRules = [
  { release: false },
  { scope: 'service', breaking: true, release: 'major' },
  { scope: 'service', type: 'feat', release: 'minor' },
  { scope: 'service', type: 'fix', release: 'patch' },
  { scope: 'service', type: 'perf', release: 'patch' },
  { scope: 'service', revert: true, release: 'patch' },
];

export default {
  branches: ['main'],
  tagFormat: 'v${version}',
  plugins: [
    [plugin('commit-analyzer'), { releaseRules }],
    plugin('release-notes-generator'),
    [plugin('changelog'), { changelogFile: 'CHANGELOG.md' }],
    // The image is there before the tag is: a release that can't be run is none.
    [plugin('exec'), { prepareCmd: 'tools/release/tag-image.sh ${nextRelease.version}' }],
    [plugin('git'), { assets: ['CHANGELOG.md'], message: 'chore(release): ${nextRelease.version}' }],
    [plugin('github'), { successComment: false, failComment: false }],
  ],
};
