// Signature version 4, as far as two calls need it, so that a function is a few kilobytes and needs no SDK.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac } from 'node:crypto';

/** Temporary credentials of a role. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** What is signed, and for when. */
export interface Request {
  method: 'GET' | 'POST';
  host: string;
  /** An absolute path that needs no escaping. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Headers besides `host`, in lower case. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
  region: string;
  service: string;
  /** The time of signing. */
  now: Date;
}

/** The credentials that the runtime gives a function. */
export function ownCredentials(): Credentials {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
}

/** The headers by which AWS knows who sends a request, `host` aside. */
export function signedHeaders(request: Request, credentials: Credentials): Record<string, string> {
  const headers = {
    ...request.headers,
    'x-amz-date': timestamp(request.now),
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const { scope, names, signature } = sign({ ...request, headers }, credentials, sha256(request.body ?? ''));
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

/**
 * An address that says by itself who asks.
 *
 * @param seconds how long it is good for
 * @param payloadHash what AWS is told of the body: the hash of an empty one, but for services that take `UNSIGNED-PAYLOAD`
 */
export function presignedUrl(
  request: Request,
  credentials: Credentials,
  seconds: number,
  payloadHash = sha256(''),
): string {
  const names = Object.keys({ ...request.headers, host: request.host }).sort();
  const query = {
    ...request.query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${credentials.accessKeyId}/${scopeOf(request)}`,
    'X-Amz-Date': timestamp(request.now),
    'X-Amz-Expires': String(seconds),
    'X-Amz-SignedHeaders': names.join(';'),
    ...(credentials.sessionToken !== undefined && { 'X-Amz-Security-Token': credentials.sessionToken }),
  };
  const { signature } = sign({ ...request, query }, credentials, payloadHash);
  return `https://${request.host}${request.path}?${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
}

function sign(request: Request, credentials: Credentials, payloadHash: string) {
  const { method, path, host, query = {}, headers = {}, region, service, now } = request;
  const entries = Object.entries<string>({ ...headers, host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = entries.map(([name]) => name).join(';');
  const canonical = [
    method,
    path,
    canonicalQuery(query),
    ...entries.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    names,
    payloadHash,
  ].join('\n');
  const scope = scopeOf(request);
  const text = ['AWS4-HMAC-SHA256', timestamp(now), scope, sha256(canonical)].join('\n');
  const day = timestamp(now).slice(0, 8);
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  return { scope, names, signature: createHmac('sha256', key).update(text).digest('hex') };
}

function scopeOf({ now, region, service }: Request): string {
  return [timestamp(now).slice(0, 8), region, service, 'aws4_request'].join('/');
}

function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

/** As RFC 3986 has it, which is stricter than JavaScript. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `20130524T000000Z` */
function timestamp(date: Date): string {
  return date.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
