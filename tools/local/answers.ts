import { randomBytes } from 'node:crypto';
import { UserError } from '../lib/user-error.ts';

/** Where what is to answer can be reached. */
export interface Addresses {
  readonly serviceUrl: string;
  readonly managementUrl: string;
  readonly consoleUrl: string;
}

/**
 * Asks the service and the console over HTTP what their users would.
 *
 * @returns how many questions were answered
 * @throws UserError naming the first that was not answered as it should be
 */
export async function requireAnswers(addresses: Addresses): Promise<number> {
  const { serviceUrl, managementUrl, consoleUrl } = addresses;
  await ask(`${managementUrl}/readyz`, 200);
  const home = await ask(serviceUrl, 200);
  if (!home.includes('article-preview')) throw new UserError(`${serviceUrl}: the home page shows no article`);

  const name = `rehearsal-${randomBytes(6).toString('hex')}`;
  const user = {
    username: name,
    email: `${name}@conduit.example`,
    password: randomBytes(12).toString('hex'),
  };
  const signedUp = JSON.parse(await ask(`${serviceUrl}/api/users`, 201, { user })) as {
    user?: { token?: string };
  };
  if (!signedUp.user?.token) throw new UserError(`${serviceUrl}/api/users: signing up gave no token`);

  const listed = JSON.parse(await ask(`${serviceUrl}/api/articles`, 200)) as { articles?: unknown[] };
  if (!listed.articles?.length) throw new UserError(`${serviceUrl}/api/articles: the list is empty`);

  const fleet = await ask(consoleUrl, 200);
  const cluster = /href="(\/clusters\/[^"#]+)"/.exec(fleet)?.[1];
  if (cluster === undefined) throw new UserError(`${consoleUrl}: the console shows no cluster`);
  await ask(`${consoleUrl}${cluster}`, 200);
  return 6;
}

/** One request; with a body it is a POST of JSON. */
async function ask(url: string, status: number, body?: object): Promise<string> {
  const request = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(10_000) }).catch((error) => {
    throw new UserError(`${url} does not answer: ${error.cause?.message ?? error.message}`);
  });
  const text = await response.text();
  if (response.status === status) return text;
  throw new UserError(`${url} answers ${response.status} instead of ${status}: ${text.slice(0, 400)}`);
}
