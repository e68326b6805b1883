import { answer, type ResourceEvent } from '../answer.ts';
import { ownCredentials, presignedUrl } from '../aws-signature.ts';
import { readSecret } from '../read-secret.ts';
import { type KubernetesApi, writeSecret } from './write-secret.ts';

/** What the bootstrap stack says. */
interface Properties {
  ClusterName: string;
  Endpoint: string;
  /** The authority of the endpoint's certificate, in base64. */
  Authority: string;
  /** The name of the secret in Secrets Manager: the keys that Flux wants, and their values. */
  Source: string;
  Namespace: string;
  Name: string;
}

/**
 * Gives Flux what it signs in to the git host with, before anything that Flux installs could: it reads it from Secrets Manager
 * and writes it into the cluster. When the resource goes, so does the cluster.
 */
export async function handler(event: ResourceEvent<Properties>): Promise<void> {
  await answer(event, 'git-credentials', async ({ RequestType, ResourceProperties }) => {
    if (RequestType === 'Delete') return;
    const { ClusterName, Endpoint, Authority, Source, Namespace, Name } = ResourceProperties;
    const api: KubernetesApi = {
      endpoint: Endpoint,
      ca: Buffer.from(Authority, 'base64').toString(),
      token: clusterToken(ClusterName),
    };
    await writeSecret(api, Namespace, Name, await readSecret(Source));
  });
}

/**
 * What EKS takes for a bearer token: an address at which STS would say who we are.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 */
function clusterToken(cluster: string): string {
  const region = process.env.AWS_REGION ?? '';
  const url = presignedUrl(
    {
      method: 'GET',
      host: `sts.${region}.amazonaws.com`,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { 'x-k8s-aws-id': cluster },
      region,
      service: 'sts',
      now: new Date(),
    },
    ownCredentials(),
    60,
  );
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}
