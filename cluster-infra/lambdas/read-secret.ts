import { ownCredentials, type Request, signedHeaders } from './aws-signature.ts';

/**
 * Reads a secret that is a JSON object of strings.
 *
 * @param id its name or ARN
 * @throws Error in the words of Secrets Manager, or when it holds something else; never with what it holds
 */
export async function readSecret(id: string): Promise<Record<string, string>> {
  const { AWS_REGION: region = '', AWS_ENDPOINT_URL_SECRETS_MANAGER: other } = process.env;
  // As AWS's own SDKs take it, for tests and for endpoints of one's own.
  const endpoint = new URL(other ?? `https://secretsmanager.${region}.amazonaws.com`);
  const request: Request = {
    method: 'POST',
    host: endpoint.host,
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
    body: JSON.stringify({ SecretId: id }),
    region,
    service: 'secretsmanager',
    now: new Date(),
  };
  const headers = signedHeaders(request, ownCredentials());
  const response = await fetch(endpoint, {
    method: 'POST',
    headers,
    body: request.body ?? null,
    signal: AbortSignal.timeout(20_000),
  });
  const answer = (await response.json()) as { SecretString?: string; Message?: string; message?: string };
  if (!response.ok) throw new Error(`secret ${id}: ${answer.message ?? answer.Message ?? response.status}`);
  return parseSecret(id, answer.SecretString);
}

function parseSecret(id: string, text = ''): Record<string, string> {
  const allowed = `secret ${id}: allowed: a JSON object whose values are strings`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words would show a part of it.
    throw new Error(allowed);
  }
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord || !Object.values(value as object).every((item) => typeof item === 'string'))
    throw new Error(allowed);
  return value as Record<string, string>;
}
