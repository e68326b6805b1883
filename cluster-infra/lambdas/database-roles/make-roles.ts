// The roles of apps in PostgreSQL: each owns a database of its own name, and that is all it can do.
import { Client, type ClientConfig, escapeIdentifier } from 'pg';

/** Whoever is in it signs in by IAM and by nothing else. RDS makes it. */
const IAM_ROLE = 'rds_iam';

/**
 * Makes for each app a role and a database of its name, where they are missing; what is there is put right, and nothing is
 * ever taken away: a database is worth more than a record of it.
 *
 * @param master how to sign in as the master user, to the database `postgres`
 * @param apps names of apps
 * @throws Error when the master user could no longer sign in by its password afterwards; the roles then don't sign in by IAM
 */
export async function makeRoles(master: ClientConfig, apps: readonly string[]): Promise<void> {
  const client = new Client(master);
  await client.connect();
  try {
    const iam = await exists(client, 'SELECT FROM pg_roles WHERE rolname = $1', IAM_ROLE);
    for (const app of apps) await makeRole(client, app, iam);
    if (iam) await keepMasterIn(client, master, apps);
  } finally {
    await client.end();
  }
}

async function makeRole(client: Client, app: string, signsInByIam: boolean): Promise<void> {
  const role = escapeIdentifier(app);
  if (!(await exists(client, 'SELECT FROM pg_roles WHERE rolname = $1', app)))
    await client.query(`CREATE ROLE ${role}`);
  await client.query(`ALTER ROLE ${role} LOGIN NOCREATEDB NOCREATEROLE`);
  if (!(await exists(client, 'SELECT FROM pg_database WHERE datname = $1', app)))
    await makeDatabase(client, role, signsInByIam);
  await closeDatabase(client, role);
  if (signsInByIam) await client.query(`GRANT ${IAM_ROLE} TO ${role}`);
}

/**
 * Only who is in a role can give it a database. And who is in one that signs in by IAM, can't by a password: so the role does
 * not, while the master user is in it.
 */
async function makeDatabase(client: Client, role: string, signsInByIam: boolean): Promise<void> {
  if (signsInByIam) await client.query(`REVOKE ${IAM_ROLE} FROM ${role}`);
  await client.query(`GRANT ${role} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE`);
  try {
    await client.query(`CREATE DATABASE ${role} OWNER ${role}`);
  } finally {
    await client.query(`REVOKE ${role} FROM CURRENT_USER`);
  }
}

/** Everybody could connect otherwise. For the owner only to say: nobody sees the master user in the role, since it is undone at once. */
async function closeDatabase(client: Client, role: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`GRANT ${role} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE`);
    await client.query(`REVOKE ALL ON DATABASE ${role} FROM PUBLIC`);
    await client.query(`REVOKE ${role} FROM CURRENT_USER`);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/**
 * PostgreSQL makes who creates a role a member of it, in a way; were RDS to take the master user for one that signs in by
 * IAM, its password would be refused for good. So it is tried while there is still a connection to undo it by.
 */
async function keepMasterIn(client: Client, master: ClientConfig, apps: readonly string[]): Promise<void> {
  const again = new Client(master);
  try {
    await again.connect();
  } catch (error) {
    for (const app of apps) await client.query(`REVOKE ${IAM_ROLE} FROM ${escapeIdentifier(app)}`);
    throw new Error(`the master user could not sign in after its apps were given ${IAM_ROLE}: ${error}`);
  }
  await again.end();
}

async function exists(client: Client, query: string, name: string): Promise<boolean> {
  const { rowCount } = await client.query(query, [name]);
  return rowCount === 1;
}
