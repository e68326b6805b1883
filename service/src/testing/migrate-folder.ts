/** `node migrate-folder.ts <folder>`: migrates as a process of its own, so that a test can kill it. */
import { pathToFileURL } from 'node:url';
import { migrate, readMigrations } from '../database/migrate.ts';
import { openPool } from '../database/pool.ts';
import { databaseAt } from '../database/settings.ts';
import { createLog } from '../log.ts';

const log = createLog('info');
const pool = openPool(databaseAt(process.env.DATABASE_URL as string), log, {
  max: 1,
  name: 'migrate-folder',
});
const migrations = readMigrations(pathToFileURL(`${process.argv[2]}/`));
console.log(JSON.stringify({ applied: await migrate(pool, { migrations, log }) }));
await pool.end();
