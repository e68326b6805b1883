/** Which database, and how to get in: the DATABASE_… and PG… variables as one checked record. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { OperatorError } from '../errors.ts';
import { type Environment, readVariable, type Variable } from '../variable.ts';

/** Which database, and how to get in. */
export interface DatabaseSettings {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly signIn: SignInSettings;
  /** Whom to believe that it is the server; undefined: connections are not encrypted. */
  readonly tls: TlsSettings | undefined;
  /** Connections for users' requests, at the most. */
  readonly poolSize: number;
  /** How long a connection is used, at the most. */
  readonly connectionSeconds: number;
  /** What every session is told at its start, as in `-c work_mem=8MB`. */
  readonly sessionOptions: string;
}

/** How to prove who we are. */
export type SignInSettings =
  | { readonly by: 'password'; readonly password: string | undefined }
  /** Its content is the password; read for every connection. */
  | { readonly by: 'file'; readonly file: string }
  /** A token of AWS IAM, made for the role `user`. */
  | { readonly by: 'iam'; readonly region: string };

/** The server's certificate is always verified, and its name too. */
export interface TlsSettings {
  /** The authorities to believe, and the file they came from; undefined: those that Node believes. */
  readonly ca: { readonly file: string; readonly pem: string } | undefined;
}

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to);

/** The variables about the database. */
export const DATABASE_VARIABLES = {
  DATABASE_URL: {
    about:
      'The PostgreSQL database; without it `PGHOST`, `PGPORT`, `PGUSER`, `PGDATABASE` and `PGPASSWORD` are read',
    allowed: 'postgres://user:password@host:5432/database, or left out with PGHOST set',
    secret: true,
    schema: z
      .string()
      .refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value))
      .optional(),
  },
  DATABASE_PASSWORD_FILE: {
    about:
      'Holds the password instead; read for every new connection, so that it may change while the service runs',
    allowed: 'the path of a file',
    schema: z.string().optional(),
  },
  DATABASE_SIGN_IN: {
    about: 'Signs in with tokens of AWS IAM instead of a password; wants `AWS_REGION` and TLS',
    allowed: 'iam, or left out',
    schema: z.literal('iam').optional(),
  },
  DATABASE_CA_FILE: {
    about:
      'Who may vouch for the server: connections use TLS, and the certificate and its host name are verified. Without it `sslmode` in the address, or `PGSSLMODE`, may be verify-full (whom Node trusts) or disable',
    allowed: 'the path of a file with certificates (PEM)',
    schema: z.string().optional(),
  },
  DATABASE_POOL_SIZE: {
    about: "Connections for users' requests, at the most; one more asks whether the database is there",
    allowed: 'an integer from 1 to 100',
    fallback: '10',
    schema: wholeNumber(1, 100),
  },
  DATABASE_CONNECTION_SECONDS: {
    about: 'How long a connection is used at the most; its successor finds a new server, or a new password',
    allowed: 'an integer from 1 to 86400',
    fallback: '1800',
    schema: wholeNumber(1, 86_400),
  },
} as const satisfies Record<string, Variable>;

/** What other clients of PostgreSQL read and we don't: set, it would promise what doesn't happen. */
const NOT_READ = ['PGSSLROOTCERT', 'PGSSLCERT', 'PGSSLKEY', 'PGSSLCRL'];

const DEFAULT_PORT = 5432;

/** Where the database is and with what password, before anything else is known. */
interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string | undefined;
  /** The variable that holds the password. */
  readonly passwordFrom: 'DATABASE_URL' | 'PGPASSWORD';
  /** The address's own `sslmode`. */
  readonly sslmode: string | undefined;
}

/**
 * Reads the settings.
 *
 * @param mistakes gets a line for everything that is wrong; what is returned then means nothing
 */
export function readDatabaseSettings(env: Environment, mistakes: string[]): DatabaseSettings {
  const read = <N extends keyof typeof DATABASE_VARIABLES>(name: N) =>
    readVariable(name, DATABASE_VARIABLES[name], env, mistakes);

  const url = read('DATABASE_URL');
  const passwordFile = read('DATABASE_PASSWORD_FILE');
  const iam = read('DATABASE_SIGN_IN') === 'iam';
  const caFile = read('DATABASE_CA_FILE');
  const poolSize = read('DATABASE_POOL_SIZE');
  const connectionSeconds = read('DATABASE_CONNECTION_SECONDS');

  // What is wrong as a whole has been told already.
  const malformed = Boolean(env.DATABASE_URL) && url === undefined;
  const address = malformed ? NOWHERE : readAddress(url, env, mistakes);
  const tls = readTls(address.sslmode, caFile, env, mistakes);
  const signIn = readSignIn(address, passwordFile, iam, env, mistakes);
  if (iam && tls === undefined) {
    mistakes.push('DATABASE_SIGN_IN: iam sends a token that must not be overheard; set DATABASE_CA_FILE');
  }
  const { host, port, user, database } = address;
  const sessionOptions = env.PGOPTIONS ?? '';
  return { host, port, user, database, signIn, tls, poolSize, connectionSeconds, sessionOptions };
}

/**
 * The settings of an address alone.
 *
 * @throws {@link OperatorError} when the address is wrong
 */
export function databaseAt(url: string): DatabaseSettings {
  const mistakes: string[] = [];
  const settings = readDatabaseSettings({ DATABASE_URL: url }, mistakes);
  if (mistakes.length > 0) throw new OperatorError(mistakes.join('\n'));
  return settings;
}

/** The settings as they may be logged: no password, and the certificates by their file. */
export function shownSettings({ signIn, tls, ...rest }: DatabaseSettings): Record<string, unknown> {
  const verifiedBy = tls?.ca?.file ?? 'the authorities that Node believes';
  return {
    ...rest,
    signIn: signIn.by === 'password' ? { by: signIn.by } : signIn,
    tls: tls && { verifiedBy },
  };
}

const NOWHERE: Address = {
  host: '',
  port: DEFAULT_PORT,
  user: '',
  database: '',
  password: undefined,
  passwordFrom: 'DATABASE_URL',
  sslmode: undefined,
};

function readAddress(url: string | undefined, env: Environment, mistakes: string[]): Address {
  if (url !== undefined) return readUrl(url, mistakes);
  if (!env.PGHOST) {
    mistakes.push(`DATABASE_URL: found nothing; allowed is ${DATABASE_VARIABLES.DATABASE_URL.allowed}`);
    return NOWHERE;
  }
  const port = Number(env.PGPORT || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    mistakes.push(`PGPORT: found ${JSON.stringify(env.PGPORT)}; allowed is an integer from 1 to 65535`);
  if (!env.PGUSER) mistakes.push('PGUSER: found nothing; allowed is the name of a role');
  const user = env.PGUSER ?? '';
  return {
    host: env.PGHOST,
    port,
    user,
    database: env.PGDATABASE || user,
    password: env.PGPASSWORD || undefined,
    passwordFrom: 'PGPASSWORD',
    sslmode: undefined,
  };
}

function readUrl(url: string, mistakes: string[]): Address {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  // pg would let any of them override what is set elsewhere, TLS among them.
  const foreign = [...searchParams.keys()].filter((name) => name !== 'sslmode');
  if (foreign.length > 0) {
    mistakes.push(
      `DATABASE_URL: found ${foreign.map((name) => `?${name}=`).join(', ')}; allowed is ?sslmode=`,
    );
  }
  try {
    const user = decodeURIComponent(username);
    if (user === '') mistakes.push('DATABASE_URL: it names no user; allowed is postgres://user@…');
    return {
      // An IPv6 address stands in brackets.
      host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost',
      port: Number(port || DEFAULT_PORT),
      user,
      database: decodeURIComponent(pathname.slice(1)) || user,
      password: decodeURIComponent(password) || undefined,
      passwordFrom: 'DATABASE_URL',
      sslmode: searchParams.get('sslmode') ?? undefined,
    };
  } catch {
    mistakes.push('DATABASE_URL: a % in it stands for nothing; allowed is %25 for the sign itself');
    return NOWHERE;
  }
}

/**
 * Verified TLS or none. The modes between say little about whom one talks to, and pg takes them for others than
 * libpq does: they are refused instead of being taken for something.
 */
function readTls(
  urlMode: string | undefined,
  caFile: string | undefined,
  env: Environment,
  mistakes: string[],
): TlsSettings | undefined {
  for (const name of NOT_READ) {
    if (env[name]) mistakes.push(`${name}: it is not read; the server is verified by DATABASE_CA_FILE`);
  }
  const allowed = caFile === undefined ? ['verify-full', 'disable'] : ['verify-full'];
  const given = { 'DATABASE_URL?sslmode': urlMode, PGSSLMODE: env.PGSSLMODE || undefined };
  for (const [name, mode] of Object.entries(given)) {
    if (mode === undefined || allowed.includes(mode)) continue;
    const condition = caFile === undefined ? '' : ' with DATABASE_CA_FILE';
    mistakes.push(`${name}: found ${JSON.stringify(mode)}; allowed${condition} is ${allowed.join(', ')}`);
  }
  const { PGSSLMODE } = given;
  if (urlMode !== undefined && PGSSLMODE !== undefined && urlMode !== PGSSLMODE)
    mistakes.push(`PGSSLMODE: found "${PGSSLMODE}", but DATABASE_URL says "${urlMode}"; set one of them`);
  if (caFile !== undefined) return { ca: { file: caFile, pem: readCertificates(caFile, mistakes) } };
  return (urlMode ?? PGSSLMODE) === 'verify-full' ? { ca: undefined } : undefined;
}

function readCertificates(file: string, mistakes: string[]): string {
  const mistake = (what: string) => mistakes.push(`DATABASE_CA_FILE: ${file} ${what}`);
  let pem = '';
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    mistake(`can't be read: ${(error as Error).message}`);
    return pem;
  }
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  if (certificates.length === 0) mistake('holds no certificate; allowed is PEM');
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      mistake(`holds something else as its certificate ${index + 1} of ${certificates.length}`);
    }
  }
  return pem;
}

function readSignIn(
  { host, password, passwordFrom }: Address,
  file: string | undefined,
  iam: boolean,
  env: Environment,
  mistakes: string[],
): SignInSettings {
  const ways = [
    ...(password === undefined
      ? []
      : [passwordFrom === 'PGPASSWORD' ? 'PGPASSWORD' : 'a password in DATABASE_URL']),
    ...(file === undefined ? [] : ['DATABASE_PASSWORD_FILE']),
    ...(iam ? ['DATABASE_SIGN_IN=iam'] : []),
  ];
  if (ways.length > 1) mistakes.push(`found ${ways.join(' and ')}; allowed is one way to sign in`);
  if (iam) {
    if (!env.AWS_REGION) mistakes.push('AWS_REGION: found nothing; DATABASE_SIGN_IN=iam needs it');
    if (host.startsWith('/')) mistakes.push('DATABASE_SIGN_IN: iam needs a host, and found a socket');
    return { by: 'iam', region: env.AWS_REGION ?? '' };
  }
  if (file !== undefined) {
    try {
      if (readFileSync(file, 'utf8').trim() === '')
        mistakes.push(`DATABASE_PASSWORD_FILE: ${file} is empty; allowed is a file with the password`);
    } catch (error) {
      mistakes.push(`DATABASE_PASSWORD_FILE: ${file} can't be read: ${(error as Error).message}`);
    }
    return { by: 'file', file };
  }
  return { by: 'password', password };
}
