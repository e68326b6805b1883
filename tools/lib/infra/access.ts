import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { EXIT } from '../exit.ts';
import { kubectlOf } from '../kubectl.ts';
import { until } from '../until.ts';
import { UserError } from '../user-error.ts';
import type { Aws } from './aws/aws.ts';
import type { EksCluster } from './aws/cluster.ts';
import type { Access } from './destroy/destroy.ts';

export interface AccessProps {
  aws: Aws;
  cluster: string;
  region: string;
  /** Where `aws` and `kubectl` are looked for. @default this process's */
  env?: NodeJS.ProcessEnv;
}

/** How long a tunnel may take to be there, in milliseconds. */
const TUNNEL_MS = 30_000;

/**
 * Opens a way to a cluster's API: straight to its address where that is public, else through one of the system's nodes, by SSM, as
 * people go (docs/aws.md). kubectl's tokens are of whoever is signed in to AWS.
 *
 * @throws UserError when there is no way, or the cluster does not know who asks
 */
export async function reachCluster(eks: EksCluster, props: AccessProps): Promise<Access> {
  const { env = process.env, cluster } = props;
  const folder = mkdtempSync(join(tmpdir(), 'slipway-kubeconfig-'));
  const tunnel = eks.isPublic
    ? undefined
    : await openTunnel(eks, props).catch((error) => {
        rmSync(folder, { recursive: true, force: true });
        throw error;
      });
  const close = () => {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    tunnel?.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = () => {
    close();
    process.exit(EXIT.unable);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const KUBECONFIG = join(folder, 'config');
    writeFileSync(KUBECONFIG, JSON.stringify(kubeconfig(eks, props, tunnel?.port)), { mode: 0o600 });
    const kubectl = kubectlOf(cluster, { ...env, KUBECONFIG });
    await mayDoAnything(kubectl, props);
    return { kubectl, close };
  } catch (error) {
    close();
    throw error;
  }
}

function kubeconfig({ endpoint, authority }: EksCluster, { cluster, region }: AccessProps, port?: number) {
  const server =
    port === undefined
      ? { server: endpoint }
      : { server: `https://127.0.0.1:${port}`, 'tls-server-name': new URL(endpoint).hostname };
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'aws',
    args: ['eks', 'get-token', '--cluster-name', cluster, '--region', region, '--output', 'json'],
    interactiveMode: 'Never',
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { ...server, 'certificate-authority-data': authority } }],
    users: [{ name: cluster, user: { exec } }],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
    'current-context': cluster,
  };
}

async function openTunnel(
  { endpoint }: EksCluster,
  { aws, cluster, region, env = process.env }: AccessProps,
): Promise<{ port: number; close(): void }> {
  const node = await systemNode(aws, cluster, region);
  const port = await getPort({ host: '127.0.0.1' });
  const to = { host: [new URL(endpoint).hostname], portNumber: ['443'], localPortNumber: [String(port)] };
  const target = ['--region', region, '--target', node];
  const document = ['--document-name', 'AWS-StartPortForwardingSessionToRemoteHost'];
  const args = ['ssm', 'start-session', ...target, ...document, '--parameters', JSON.stringify(to)];
  let ended = false;
  // A group of its own: the CLI starts a plugin, which would go on without it.
  const child = spawn('aws', args, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const close = () => {
    if (child.pid !== undefined && !ended) process.kill(-child.pid);
  };
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  child.once('error', (error) => {
    said = error.message;
    ended = true;
  });
  child.once('close', () => {
    ended = true;
  });
  const isOpen = await until(async () => ended || (await answers(port)), TUNNEL_MS);
  if (isOpen && !ended) return { port, close };
  close();
  throw new UserError(
    `no tunnel to ${cluster} through the node ${node}: ${said.trim() || 'it did not open in time'}. It takes the plugin of the AWS CLI for SSM: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html`,
  );
}

async function systemNode(aws: Aws, cluster: string, region: string): Promise<string> {
  const { Reservations } = (await aws(region, 'ec2 describe-instances', {
    Filters: [
      { Name: 'tag:Name', Values: [`${cluster}-system`] },
      { Name: 'instance-state-name', Values: ['running'] },
    ],
  })) as { Reservations: { Instances: { InstanceId: string }[] }[] };
  const node = Reservations[0]?.Instances[0]?.InstanceId;
  if (node === undefined)
    throw new UserError(
      `${cluster} has no node that runs and is called ${cluster}-system, through which its API would be reached: see its nodegroup in EKS`,
    );
  return node;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}

async function mayDoAnything(kubectl: Access['kubectl'], { cluster, region }: AccessProps): Promise<void> {
  try {
    await kubectl(['auth', 'can-i', '*', '*', '--all-namespaces']);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const why = error.message.replace(/^kubectl auth can-i \*: /, '');
    throw new UserError(
      [
        `${cluster} does not let you take it down: ${why}`,
        'Name your role under `admins` in config/clusters.ts and deploy, or let it in by hand:',
        `  aws eks create-access-entry --region ${region} --cluster-name ${cluster} --principal-arn <your role>`,
        `  aws eks associate-access-policy --region ${region} --cluster-name ${cluster} --principal-arn <your role> --access-scope type=cluster --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
      ].join('\n'),
    );
  }
}
