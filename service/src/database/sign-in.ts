/** What a new connection proves itself with: a password, a file that holds one, or a token of AWS IAM. */
import { readFile } from 'node:fs/promises';
import { PasswordError } from './connection-error.ts';
import type { DatabaseSettings } from './settings.ts';

/** How connections sign in. */
export interface SignIn {
  /** The password for a connection that is being made; undefined when there is none. */
  password(): Promise<string | undefined>;
  /** Whether a refusal may pass by itself, because the password is changing just now. */
  readonly changes: boolean;
  /** Tells that the server refused what {@link password} gave last. */
  refused(): void;
  /** What to look at when it is refused. */
  readonly hint: string;
}

/** Makes a token that signs one role in; it is valid for fifteen minutes. */
export type MakeToken = () => Promise<string>;

/**
 * RDS takes a token for fifteen minutes; one that is handed out must still live through slow connecting and clocks
 * that differ.
 */
const TOKEN_MILLISECONDS = 10 * 60 * 1_000;

/**
 * Makes what the settings say.
 *
 * @param makeToken for `DATABASE_SIGN_IN=iam` @default signs by the AWS credentials of this process
 */
export function createSignIn(
  settings: DatabaseSettings,
  makeToken: MakeToken = () => signToken(settings),
): SignIn {
  const { signIn } = settings;
  switch (signIn.by) {
    case 'password':
      return {
        password: async () => signIn.password,
        changes: false,
        refused: () => {},
        hint: 'see the password in DATABASE_URL or PGPASSWORD',
      };
    case 'file':
      return {
        password: () => readPassword(signIn.file),
        changes: true,
        refused: () => {},
        hint: `see the password in ${signIn.file}`,
      };
    case 'iam': {
      const tokens = keepTokens(makeToken);
      return {
        password: tokens.current,
        changes: true,
        refused: tokens.forget,
        hint: `does the role ${settings.user} have rds_iam, and may we rds-db:connect as it?`,
      };
    }
  }
}

/** The file's text but for the line end that editors put there. */
async function readPassword(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new PasswordError(`DATABASE_PASSWORD_FILE: ${error.message}`, { cause: error });
  });
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw new PasswordError(`DATABASE_PASSWORD_FILE: ${file} is empty`);
  return password;
}

/** One token for all connections of its time; a refused one, or one that could not be made, is not kept. */
function keepTokens(make: MakeToken): { current: MakeToken; forget: () => void } {
  let kept: { token: Promise<string>; until: number } | undefined;
  const forget = () => {
    kept = undefined;
  };
  return {
    forget,
    async current() {
      if (kept === undefined || performance.now() >= kept.until) {
        kept = { token: make(), until: performance.now() + TOKEN_MILLISECONDS };
      }
      try {
        return await kept.token;
      } catch (error) {
        forget();
        const reason = error instanceof Error ? error.message : error;
        throw new PasswordError(`no token to sign in with could be made: ${reason}`, { cause: error });
      }
    },
  };
}

/** Signs by the default chain of AWS credentials: in EKS, the pod's identity. */
async function signToken({ host, port, user, signIn }: DatabaseSettings): Promise<string> {
  // Imported here, since nobody else needs it.
  const { Signer } = await import('@aws-sdk/rds-signer');
  const region = signIn.by === 'iam' ? signIn.region : '';
  return new Signer({ hostname: host, port, username: user, region }).getAuthToken();
}
