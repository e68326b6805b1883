import { request } from 'node:https';

/** The API of a cluster, and who asks it. */
export interface KubernetesApi {
  /** `https://….eks.amazonaws.com` */
  endpoint: string;
  /** The authority of its certificate, in PEM. */
  ca: string;
  token: string;
}

/** Who owns the fields of what we write, in Kubernetes' words. */
const FIELD_MANAGER = 'slipway-bootstrap';

/**
 * Writes a Secret, whether it is there or not.
 *
 * @param values its keys and their values
 * @throws Error with the status and the reason that the API gives; never with a value
 */
export async function writeSecret(
  api: KubernetesApi,
  namespace: string,
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const body = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    stringData: values,
  });
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}?fieldManager=${FIELD_MANAGER}&force=true`;
  const { status, reason } = await apply(api, path, body);
  if (status >= 300) throw new Error(`Secret ${namespace}/${name}: ${status} ${reason}`);
}

function apply(api: KubernetesApi, path: string, body: string): Promise<{ status: number; reason: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, api.endpoint),
      {
        method: 'PATCH',
        ca: api.ca,
        timeout: 20_000,
        headers: {
          authorization: `Bearer ${api.token}`,
          'content-type': 'application/apply-patch+yaml',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, reason: reasonOf(Buffer.concat(chunks).toString()) }),
        );
        response.on('error', reject);
      },
    );
    call.on('timeout', () => call.destroy(new Error(`${api.endpoint} did not answer in 20 s`)));
    call.on('error', reject);
    call.end(body);
  });
}

/** The word for it in a Status of Kubernetes; its message could hold what was sent. */
function reasonOf(text: string): string {
  try {
    return String((JSON.parse(text) as { reason?: string }).reason ?? '');
  } catch {
    return '';
  }
}
