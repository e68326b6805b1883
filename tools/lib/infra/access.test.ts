import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { reachCluster } from './access.ts';
import type { Aws } from './aws/aws.ts';
import type { EksCluster } from './aws/cluster.ts';

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'));
  env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder };
  // A kubectl that shows with what it was asked, and an SSM that listens where it was told to.
  await program('kubectl', 'cat "$KUBECONFIG"');
  await program(
    'aws',
    `exec "${process.execPath}" -e 'const p = JSON.parse(process.argv.at(-1)); require("net").createServer().listen(Number(p.localPortNumber[0]), "127.0.0.1")' -- "$@"`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

const eks: EksCluster = {
  status: 'ACTIVE',
  endpoint: 'https://abc.gr7.eu-west-1.eks.amazonaws.com',
  authority: 'QQ==',
  isPublic: false,
  isProtected: true,
};

const withNodes = (...nodes: string[]): Aws => {
  const Reservations = nodes.map((InstanceId) => ({ Instances: [{ InstanceId }] }));
  return async () => ({ Reservations });
};

const props = (aws: Aws) => ({ aws, cluster: 'dev', region: 'eu-west-1', env });

test('goes through a node to an API with no public address, and knows it by its own name', async () => {
  const access = await reachCluster(eks, props(withNodes('i-1')));
  const config = JSON.parse(await access.kubectl(['get', 'pods']));
  expect(config.clusters[0].cluster).toEqual({
    server: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
    'tls-server-name': 'abc.gr7.eu-west-1.eks.amazonaws.com',
    'certificate-authority-data': 'QQ==',
  });
  expect(config.users[0].user.exec.args).toContain('get-token');
  access.close();
});

test('goes straight to a public address', async () => {
  const access = await reachCluster({ ...eks, isPublic: true }, props(withNodes()));
  const config = JSON.parse(await access.kubectl(['get', 'pods']));
  expect(config.clusters[0].cluster.server).toBe(eks.endpoint);
  access.close();
});

test('leaves no file behind, also where there is no way', async () => {
  const before = await leftBehind();
  (await reachCluster({ ...eks, isPublic: true }, props(withNodes()))).close();
  await expect(reachCluster(eks, props(withNodes()))).rejects.toThrow(/^dev has no node that runs/);
  expect(await leftBehind()).toEqual(before);
});

const leftBehind = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('slipway-kubeconfig-'));

test('that SSM refuses says why, and what it takes', async () => {
  await program('aws', 'echo "SessionManagerPlugin is not found" >&2; exit 255');
  await expect(reachCluster(eks, props(withNodes('i-1')))).rejects.toThrow(
    /^no tunnel to dev through the node i-1: SessionManagerPlugin is not found\. It takes the plugin/,
  );
});

test('that the cluster refuses says how to be let in', async () => {
  await program('kubectl', 'echo "error: You must be logged in to the server (Unauthorized)" >&2; exit 1');
  await expect(reachCluster({ ...eks, isPublic: true }, props(withNodes()))).rejects.toThrow(
    /dev does not let you take it down: .*Unauthorized[\s\S]*create-access-entry --region eu-west-1 --cluster-name dev/,
  );
});
