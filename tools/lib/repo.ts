import { join, resolve } from 'node:path';

/** The repo's folder: the one that holds `tools/`. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** The compiled manifests. */
export const DIST = join(ROOT, 'dist');

/** What commands keep on this machine: scratch files, the local database, logs. Not in git. */
export const SLIPWAY = join(ROOT, '.slipway');
