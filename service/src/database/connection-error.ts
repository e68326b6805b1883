/** Why a connection could not be made, in the words of whoever has to mend it. */

/** What we prove ourselves with could not be had: the file is gone, no token can be made. */
export class PasswordError extends Error {
  override readonly name = 'PasswordError';
}

/** A connection that could not be made, or not in time; the cause is what pg or the server said. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** The server did not let us in, or we had nothing to show. */
  readonly isSignIn: boolean;

  /**
   * @param cause what pg says
   * @param hint what to look at when the server refuses us
   */
  constructor(cause: Error, hint: string) {
    super(explain(cause, hint), { cause });
    this.isSignIn = cause instanceof PasswordError || (isRefused(cause) && !wantsTls(cause));
  }
}

/** What OpenSSL calls a certificate that leads to none of the authorities we believe. */
const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function explain(error: Error, hint: string): string {
  const code = codeOf(error);
  // Several addresses were tried in vain: then the message is empty.
  const message = error.message || code;
  if (UNKNOWN_AUTHORITY.has(code))
    return `its certificate comes from nobody we believe (${message}); see DATABASE_CA_FILE`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is for another host (${message})`;
  if (code.startsWith('CERT_')) return `its certificate is refused (${message})`;
  if (wantsTls(error)) return `${message}; it wants TLS: set DATABASE_CA_FILE`;
  if (isRefused(error)) return `${message}; ${hint}`;
  return TOLD[message] ?? message;
}

/** What pg says of itself, without a code. */
const TOLD: Record<string, string> = {
  'The server does not support SSL connections': 'it offers no TLS, and the connection must be encrypted',
  'timeout exceeded when trying to connect': 'all connections of the pool were in use for too long',
  'Connection terminated due to connection timeout': 'it took too long to answer',
};

/** Class 28 of the SQLSTATEs: invalid authorization. */
function isRefused(error: Error): boolean {
  return /^28...$/.test(codeOf(error));
}

function wantsTls(error: Error): boolean {
  return isRefused(error) && /no encryption$/.test(error.message);
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
