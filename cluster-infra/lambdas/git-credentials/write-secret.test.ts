import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { selfSigned } from '../../testing/self-signed.ts';
import { type KubernetesApi, writeSecret } from './write-secret.ts';

interface Call {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  type: string | undefined;
  body: unknown;
}

// The Kubernetes API, as far as one call goes: over TLS, with an authority that only the cluster knows.
let server: Server;
let api: KubernetesApi;
let calls: Call[] = [];
let status = 200;

beforeAll(async () => {
  const { key, certificate } = await selfSigned('127.0.0.1');
  server = createServer({ key, cert: certificate }, (request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      const { authorization } = headers;
      calls.push({ method, url, authorization, type: headers['content-type'], body: JSON.parse(text) });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: `no: ${text}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  api = { endpoint: `https://127.0.0.1:${port}`, ca: certificate, token: 'k8s-aws-v1.token' };
});
beforeEach(() => {
  calls = [];
  status = 200;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('the Secret with git credentials', () => {
  test('is applied as a whole, whether it is there or not', async () => {
    await writeSecret(api, 'flux-system', 'flux-git', { githubAppID: '1', githubAppPrivateKey: 'a\nb' });
    expect(calls).toEqual([
      {
        method: 'PATCH',
        url: '/api/v1/namespaces/flux-system/secrets/flux-git?fieldManager=slipway-bootstrap&force=true',
        authorization: 'Bearer k8s-aws-v1.token',
        type: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'flux-git', namespace: 'flux-system' },
          type: 'Opaque',
          stringData: { githubAppID: '1', githubAppPrivateKey: 'a\nb' },
        },
      },
    ]);
  });

  test('is told to be refused without a word of what is in it', async () => {
    status = 403;
    const refused = writeSecret(api, 'flux-system', 'flux-git', { password: 'hunter2' });
    await expect(refused).rejects.toThrow(/^Secret flux-system\/flux-git: 403 Forbidden$/);
  });

  test("is not sent to whoever is not the cluster's API", async () => {
    const { certificate } = await selfSigned('127.0.0.1');
    await expect(writeSecret({ ...api, ca: certificate }, 'flux-system', 'flux-git', {})).rejects.toThrow();
    expect(calls).toEqual([]);
  });
});
