import { createServer as createPlainServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { selfSigned } from '../../testing/self-signed.ts';
import { handler } from './index.ts';

/** What was asked of one of the three that the function speaks to. */
interface Call {
  of: 'secrets manager' | 'kubernetes' | 'cloudformation';
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

const SECRET = { githubAppID: '1', githubAppInstallationID: '2', githubAppPrivateKey: '-----BEGIN…' };

let calls: Call[] = [];
let secret: { status: number; body: object };
let kubernetes: { endpoint: string; authority: string };
let responses: string;
const servers: (Server | ReturnType<typeof createPlainServer>)[] = [];

const record =
  (of: Call['of'], reply: () => { status: number; body: object }): RequestListener =>
  (request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      calls.push({ of, headers: request.headers, body: JSON.parse(text) });
      const { status, body } = reply();
      response.writeHead(status).end(JSON.stringify(body));
    });
  };

async function listen(server: Server | ReturnType<typeof createPlainServer>): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const { key, certificate } = await selfSigned('127.0.0.1');
  const manager = await listen(createPlainServer(record('secrets manager', () => secret)));
  const ok = () => ({ status: 200, body: {} });
  const cluster = await listen(createServer({ key, cert: certificate }, record('kubernetes', ok)));
  const cloudformation = await listen(createPlainServer(record('cloudformation', ok)));
  kubernetes = {
    endpoint: `https://127.0.0.1:${cluster}`,
    authority: Buffer.from(certificate).toString('base64'),
  };
  responses = `http://127.0.0.1:${cloudformation}/`;
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_SESSION_TOKEN: 'session',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${manager}`,
  });
});
beforeEach(() => {
  calls = [];
  secret = { status: 200, body: { SecretString: JSON.stringify(SECRET) } };
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
});

const event = (RequestType: 'Create' | 'Delete') => ({
  RequestType,
  ResponseURL: responses,
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'logical',
  ResourceProperties: {
    ClusterName: 'dev-eu-west-1',
    Endpoint: kubernetes.endpoint,
    Authority: kubernetes.authority,
    Source: 'dev-eu-west-1/platform/flux-git',
    Namespace: 'flux-system',
    Name: 'flux-git',
  },
});

const of = (who: Call['of']) => calls.filter((call) => call.of === who);

describe('the function that gives Flux its git credentials', () => {
  test('copies the one secret into the cluster, as who it is', async () => {
    await handler(event('Create'));
    expect(calls.map((call) => call.of)).toEqual(['secrets manager', 'kubernetes', 'cloudformation']);
    const [read] = of('secrets manager');
    expect(read?.body).toEqual({ SecretId: 'dev-eu-west-1/platform/flux-git' });
    expect(read?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, /,
    );
    const [written] = of('kubernetes');
    expect(written?.body).toMatchObject({ kind: 'Secret', stringData: SECRET });
    const [, token = ''] = /^Bearer k8s-aws-v1\.(.+)$/.exec(written?.headers.authorization ?? '') ?? [];
    const url = new URL(Buffer.from(token, 'base64url').toString());
    expect(url.host).toBe('sts.eu-west-1.amazonaws.com');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'GetCallerIdentity',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    });
    expect(of('cloudformation')[0]?.body).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'git-credentials',
    });
  });

  test.each([
    ['is not there', 400, { Message: "Secrets Manager can't find it" }, "Secrets Manager can't find it"],
    ['is no JSON', 200, { SecretString: 'hunter2' }, 'a JSON object whose values are strings'],
    [
      'holds more than strings',
      200,
      { SecretString: '{"a":{"hunter2":1}}' },
      'a JSON object whose values are strings',
    ],
  ])('fails the deployment when the secret %s, and says nothing of it', async (_, status, body, says) => {
    secret = { status, body };
    await handler(event('Create'));
    expect(of('kubernetes')).toEqual([]);
    const [answered] = of('cloudformation');
    expect(answered?.body).toMatchObject({ Status: 'FAILED' });
    expect(String(answered?.body.Reason)).toContain(`secret dev-eu-west-1/platform/flux-git: `);
    expect(String(answered?.body.Reason)).toContain(says);
    expect(JSON.stringify(answered?.body)).not.toContain('hunter2');
  });

  test('touches nothing when its stack goes', async () => {
    await handler(event('Delete'));
    expect(calls.map((call) => call.of)).toEqual(['cloudformation']);
  });
});
