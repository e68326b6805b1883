// Reads the names of changed files, a line each, and prints which areas they affect, as outputs of a workflow's step:
// `git diff --name-only BASE HEAD | node tools/ci/affected.ts >> "$GITHUB_OUTPUT"`. It needs no packages.
import { text } from 'node:stream/consumers';
import { affectedAreas } from '../lib/ci/affected.ts';

const files = (await text(process.stdin)).split('\n').filter((line) => line !== '');
for (const [area, is] of Object.entries(affectedAreas(files))) console.log(`${area}=${is}`);
