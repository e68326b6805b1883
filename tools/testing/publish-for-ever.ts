// `node publish-for-ever.ts FOLDER`: publishes two trees in turn into FOLDER/dist until it is killed.

import { publish } from '../lib/synth/publish.ts';
import { tree } from './trees.ts';

const [folder = '.'] = process.argv.slice(2);
for (let turn = 0; ; turn++) {
  publish({ files: tree(turn % 2 === 0 ? 'new' : 'old') }, `${folder}/dist`, `${folder}/scratch`);
  if (turn === 0) process.send?.('first');
}
