// `node ours.mjs N FOLDER`: as tools/slipway.mjs starts a command, so that what is measured is what users get.
import '../../short-run.mjs';

await import('./ours.ts');
