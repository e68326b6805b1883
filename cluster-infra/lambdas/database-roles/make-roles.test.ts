import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, type ClientConfig } from 'pg';
import { makeRoles } from './make-roles.ts';

// The master user of RDS is no superuser: it may make roles and databases, and hand out rds_iam.
const server = new URL(process.env.TEST_DATABASE_URL as string);
const MASTER = 'master_of_roles';
const APPS = ['roles-shop', 'roles-blog'];

const master: ClientConfig = {
  host: server.hostname,
  port: Number(server.port),
  user: MASTER,
  password: 'secret',
  database: 'postgres',
};

let superuser: Client;

async function asUser<Result>(config: ClientConfig, work: (client: Client) => Promise<Result>) {
  const client = new Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Signs in as an app; the server of tests trusts whoever comes by a password that superusers have set. */
const asApp = (app: string, database: string, query: string) =>
  asUser({ ...master, user: app, password: 'app', database }, (client) => client.query(query));

async function clear(): Promise<void> {
  for (const app of APPS) {
    await superuser.query(`DROP DATABASE IF EXISTS "${app}"`);
    await superuser.query(`DROP ROLE IF EXISTS "${app}"`);
  }
  await superuser.query('DROP ROLE IF EXISTS rds_iam');
  await superuser.query(`DROP ROLE IF EXISTS ${MASTER}`);
}

beforeAll(async () => {
  superuser = new Client(server.href);
  await superuser.connect();
});
beforeEach(async () => {
  await clear();
  await superuser.query(`CREATE ROLE ${MASTER} LOGIN CREATEDB CREATEROLE PASSWORD 'secret'`);
});
afterAll(async () => {
  await clear();
  await superuser.end();
});

const likeRds = () => superuser.query(`CREATE ROLE rds_iam; GRANT rds_iam TO ${MASTER} WITH ADMIN OPTION`);

const membersOf = async (role: string): Promise<string[]> => {
  const { rows } = await superuser.query(
    `SELECT m.rolname FROM pg_auth_members JOIN pg_roles m ON m.oid = member
     WHERE roleid = $1::regrole AND (set_option OR inherit_option) ORDER BY 1`,
    [role],
  );
  return rows.map(({ rolname }) => rolname);
};

describe("the apps' roles", () => {
  test('own a database each, and make tables in it', async () => {
    await makeRoles(master, APPS);
    const { rows } = await superuser.query(
      'SELECT datname, pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = ANY ($1) ORDER BY 1',
      [APPS],
    );
    expect(rows).toEqual([
      { datname: 'roles-blog', owner: 'roles-blog' },
      { datname: 'roles-shop', owner: 'roles-shop' },
    ]);
    for (const app of APPS) {
      await superuser.query(`ALTER ROLE "${app}" PASSWORD 'app'`);
      await asApp(
        app,
        app,
        'CREATE SCHEMA own; CREATE TABLE own.things (id int); CREATE TABLE things (id int)',
      );
    }
  });

  test("can't connect to each other's database, or make roles and databases", async () => {
    await makeRoles(master, APPS);
    await superuser.query(`ALTER ROLE "roles-shop" PASSWORD 'app'`);
    await expect(asApp('roles-shop', 'roles-blog', 'SELECT')).rejects.toThrow(
      'permission denied for database "roles-blog"',
    );
    await expect(asApp('roles-shop', 'roles-shop', 'CREATE ROLE another')).rejects.toThrow(
      'permission denied to create role',
    );
    await expect(asApp('roles-shop', 'roles-shop', 'CREATE DATABASE another')).rejects.toThrow(
      'permission denied to create database',
    );
  });

  test('sign in by IAM where RDS has made the role for it, and the master user still does not', async () => {
    await likeRds();
    await makeRoles(master, APPS);
    expect(await membersOf('rds_iam')).toEqual([MASTER, ...APPS].sort());
    // In none of them itself: RDS would take it for one that signs in by IAM.
    for (const app of APPS) expect(await membersOf(`"${app}"`)).toEqual([]);
    await asUser(master, (client) => client.query('SELECT'));
  });

  test('are made where there is no such role', async () => {
    await makeRoles(master, ['roles-shop']);
    const { rows } = await superuser.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'roles-shop'");
    expect(rows).toEqual([{ rolcanlogin: true }]);
  });

  test('are left as they are the second time, with what is in their databases', async () => {
    await likeRds();
    await makeRoles(master, APPS);
    await superuser.query(`ALTER ROLE "roles-shop" PASSWORD 'app'`);
    await asApp('roles-shop', 'roles-shop', 'CREATE TABLE kept (id int)');
    await makeRoles(master, APPS);
    await asApp('roles-shop', 'roles-shop', 'SELECT FROM kept');
    for (const app of APPS) expect(await membersOf(`"${app}"`)).toEqual([]);
  });

  test('are put right where a run broke off, or somebody let everybody in', async () => {
    await likeRds();
    // The role is there and signs in by IAM; its database is not. Of the other one, the database is open.
    await makeRoles(master, APPS);
    await superuser.query('DROP DATABASE "roles-shop"');
    await superuser.query('GRANT CONNECT ON DATABASE "roles-blog" TO PUBLIC');
    await superuser.query('ALTER ROLE "roles-blog" CREATEDB');
    await makeRoles(master, APPS);
    await superuser.query(`ALTER ROLE "roles-shop" PASSWORD 'app'`);
    await asApp('roles-shop', 'roles-shop', 'SELECT');
    await expect(asApp('roles-shop', 'roles-blog', 'SELECT')).rejects.toThrow('permission denied');
    expect(await membersOf('rds_iam')).toEqual([MASTER, ...APPS].sort());
  });

  test('stay when the app is no longer named', async () => {
    await makeRoles(master, APPS);
    await makeRoles(master, ['roles-blog']);
    const { rowCount } = await superuser.query("SELECT FROM pg_database WHERE datname = 'roles-shop'");
    expect(rowCount).toBe(1);
  });

  test('are given back to passwords when the master user could not sign in any more', async () => {
    await likeRds();
    // As RDS would refuse a master user that it takes for one of IAM: the second connection fails.
    await superuser.query(`ALTER ROLE ${MASTER} CONNECTION LIMIT 1`);
    await expect(makeRoles(master, ['roles-shop'])).rejects.toThrow(
      'the master user could not sign in after its apps were given rds_iam',
    );
    expect(await membersOf('rds_iam')).toEqual([MASTER]);
  });
});
