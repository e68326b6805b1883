/** The environment, read once at the start into a typed record: all mistakes are told at once. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PartUrls } from './api/over-http.ts';
import type { AuthLimits } from './auth/limits.ts';
import {
  DATABASE_VARIABLES,
  type DatabaseSettings,
  readDatabaseSettings,
  shownSettings,
} from './database/settings.ts';
import { OperatorError } from './errors.ts';
import type { Faults } from './fault-injection.ts';
import type { LoadLimits } from './load-shedding.ts';
import { type Target, usesDatabase } from './target.ts';
import { type Environment, readVariable, type Variable } from './variable.ts';

/** What the service runs with. */
export interface Config {
  readonly target: Target;
  /** Where the parts of the API answer; undefined when they run in this process. */
  readonly partUrls: PartUrls | undefined;
  /** Undefined when this process uses none. */
  readonly database: DatabaseSettings | undefined;
  readonly host: string;
  readonly port: number;
  readonly managementPort: number;
  /** Signs tokens and sessions. */
  readonly sessionKey: string;
  /** What it signed is good too. */
  readonly sessionKeyPrevious: string | undefined;
  readonly authLimits: AuthLimits;
  readonly version: string;
  /** Marks this release on every page. */
  readonly colour: string;
  readonly drainSeconds: number;
  /** From where on requests are turned away. */
  readonly load: LoadLimits;
  /** What goes wrong on purpose; undefined, as it should be but for trying out releases, is nothing. */
  readonly faults: Faults | undefined;
  /** Telemetry is sent only when this is set. */
  readonly otlpEndpoint: string | undefined;
  readonly otlpProtocol: OtlpProtocol;
  readonly logLevel: string;
}

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value <= 65_535);

const seconds = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number)
  .refine((value) => value <= 600);

const limit = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number);

const count = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number)
  .refine((value) => value >= 1);

/** `0.05` and `5%` are the same share. */
const share = z
  .string()
  .regex(/^(\d+(\.\d+)?%|\d(\.\d+)?)$/)
  .transform((text) => (text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)))
  .refine((value) => value > 0 && value <= 1);

/** `800` is for every request, `800@5%` for a share of them. */
const latency = z
  .string()
  .transform((text) => text.split('@'))
  .pipe(
    z.union([z.tuple([count]), z.tuple([count, share])]).transform(([milliseconds, share = 1]) => ({
      milliseconds,
      share,
    })),
  )
  .refine(({ milliseconds }) => milliseconds <= 60_000);

const url = (protocols: RegExp) => z.string().refine((value) => protocols.test(value) && URL.canParse(value));

const OTLP_PROTOCOLS = ['http/protobuf', 'http/json'] as const;
type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every variable the service reads; the table in README.md is held equal to this one by a test. */
export const VARIABLES = {
  ...DATABASE_VARIABLES,
  SESSION_KEY: {
    about: 'Signs sessions and API tokens; the same in every replica',
    allowed: 'at least 32 characters',
    secret: true,
    schema: z.string().min(32),
  },
  SESSION_KEY_PREVIOUS: {
    about: 'What this key signed is good too: see [Exchanging the session key](#exchanging-the-session-key)',
    allowed: 'at least 32 characters',
    secret: true,
    schema: z.string().min(32).optional(),
  },
  SIGN_IN_FAILURES_PER_HOUR: {
    about:
      'Wrong passwords for one account from one network; five times as many for one account from anywhere, and from one network for all accounts',
    allowed: 'an integer from 0 (no limit) to 999999',
    fallback: '20',
    schema: limit,
  },
  SIGN_UPS_PER_HOUR: {
    about: 'Accounts that one network may ask for',
    allowed: 'an integer from 0 (no limit) to 999999',
    fallback: '300',
    schema: limit,
  },
  HOST: { about: 'The address to listen on', allowed: 'an address', fallback: '0.0.0.0', schema: z.string() },
  PORT: {
    about: 'The application: pages and API',
    allowed: 'an integer from 0 (any free port) to 65535',
    fallback: '8080',
    schema: port,
  },
  MANAGEMENT_PORT: {
    about: 'Health and metrics, for the platform only',
    allowed: 'an integer from 0 (any free port) to 65535',
    fallback: '9090',
    schema: port,
  },
  VERSION: {
    about: 'Shown on every page and in the header `X-Version`',
    allowed: '1 to 64 letters, digits and . _ + -',
    fallback: packageVersion(),
    schema: z.string().regex(/^[\w.+-]{1,64}$/),
  },
  COLOUR: {
    about:
      'Marks this release on every page and in the header `X-Colour`, so that a canary can be told apart',
    allowed: 'a CSS colour: #2f6f4f, teal, oklch(60% 0.1 160)',
    fallback: '#2f6f4f',
    schema: z.string().regex(/^(#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})|[a-z]+|[a-z]+\([\w .,%/-]+\))$/i),
  },
  DRAIN_SECONDS: {
    about: 'How long a stopping service still takes requests, until load balancers have noticed',
    allowed: 'an integer from 0 to 600',
    fallback: '5',
    schema: seconds,
  },
  MAX_IN_FLIGHT: {
    about: 'How many requests may be at work at once; more are turned away with 503 and `Retry-After`',
    allowed: 'an integer from 1 to 999999',
    fallback: '64',
    schema: count,
  },
  MAX_QUEUE_MS: {
    about:
      'How long requests may have to wait for the processor or for a database connection, before new ones are turned away',
    allowed: 'milliseconds, an integer from 1 to 999999',
    fallback: '500',
    schema: count,
  },
  AUTH_URL: {
    about: 'With `--target=web`: where the part `auth` answers',
    allowed: 'an http or https address',
    schema: url(/^https?:\/\//).optional(),
  },
  CONTENT_URL: {
    about: 'With `--target=web`: where the part `content` answers',
    allowed: 'an http or https address',
    schema: url(/^https?:\/\//).optional(),
  },
  RECOMMENDATIONS_URL: {
    about: 'With `--target=web`: where the part `recommendations` answers',
    allowed: 'an http or https address',
    schema: url(/^https?:\/\//).optional(),
  },
  LOG_LEVEL: {
    about: 'The least severe level that is logged',
    allowed: LOG_LEVELS.join(', '),
    fallback: 'info',
    schema: z.enum(LOG_LEVELS),
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    about: 'Where traces and metrics go (OTLP over HTTP); without it none are made',
    allowed: 'an http or https address',
    schema: url(/^https?:\/\//).optional(),
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    about: 'How they are written',
    allowed: OTLP_PROTOCOLS.join(', '),
    fallback: 'http/protobuf',
    schema: z.enum(OTLP_PROTOCOLS),
  },
  FAULT_ERROR_RATE: {
    about: 'For trying out canaries: this share of the requests fails with 500',
    allowed: 'a share above 0: 0.05 or 5%',
    schema: share.optional(),
  },
  FAULT_LATENCY_MS: {
    about: 'For trying out canaries: requests, or a share of them, are answered so much later',
    allowed: 'milliseconds from 1 to 60000, for all requests or a share: 800 or 800@5%',
    schema: latency.optional(),
  },
  FAULT_CRASH_AFTER_SECONDS: {
    about: 'For trying out canaries: the process ends itself that long after its start',
    allowed: 'an integer from 0 to 600',
    schema: seconds.optional(),
  },
} as const satisfies Record<string, Variable>;

type Name = keyof typeof VARIABLES;

/**
 * Reads the configuration.
 *
 * @param target what this process does: the pages alone need the parts' addresses, all else a database
 * @throws {@link OperatorError} naming every wrong variable, one a line
 */
export function readConfig(env: Environment, target: Target = 'all'): Config {
  const mistakes: string[] = [];
  const read = <N extends Name>(name: N) => readVariable(name, VARIABLES[name], env, mistakes);

  function readPartUrls(): PartUrls | undefined {
    if (target !== 'web') return undefined;
    for (const name of ['AUTH_URL', 'CONTENT_URL', 'RECOMMENDATIONS_URL'] as const) {
      if (env[name]) continue;
      mistakes.push(`${name}: found nothing; --target=web needs ${VARIABLES[name].allowed}`);
    }
    return {
      auth: origin(read('AUTH_URL')),
      content: origin(read('CONTENT_URL')),
      recommendations: origin(read('RECOMMENDATIONS_URL')),
    };
  }

  function readFaults(): Faults | undefined {
    const faults = {
      errorRate: read('FAULT_ERROR_RATE'),
      latency: read('FAULT_LATENCY_MS'),
      crashAfterSeconds: read('FAULT_CRASH_AFTER_SECONDS'),
    };
    return Object.values(faults).some((fault) => fault !== undefined) ? faults : undefined;
  }

  const config: Config = {
    target,
    partUrls: readPartUrls(),
    database: usesDatabase(target) ? readDatabaseSettings(env, mistakes) : undefined,
    sessionKey: read('SESSION_KEY'),
    sessionKeyPrevious: read('SESSION_KEY_PREVIOUS'),
    authLimits: {
      signInFailuresPerHour: read('SIGN_IN_FAILURES_PER_HOUR'),
      signUpsPerHour: read('SIGN_UPS_PER_HOUR'),
    },
    host: read('HOST'),
    port: read('PORT'),
    managementPort: read('MANAGEMENT_PORT'),
    version: read('VERSION'),
    colour: read('COLOUR'),
    drainSeconds: read('DRAIN_SECONDS'),
    load: { maxInFlight: read('MAX_IN_FLIGHT'), maxQueueMilliseconds: read('MAX_QUEUE_MS') },
    faults: readFaults(),
    logLevel: read('LOG_LEVEL'),
    otlpEndpoint: read('OTEL_EXPORTER_OTLP_ENDPOINT'),
    otlpProtocol: read('OTEL_EXPORTER_OTLP_PROTOCOL'),
  };
  if (config.port !== 0 && config.port === config.managementPort) {
    mistakes.push(
      `MANAGEMENT_PORT: found ${config.managementPort}, which is PORT too; allowed is another port`,
    );
  }
  if (mistakes.length > 0) throw new OperatorError(mistakes.join('\n'));
  return config;
}

/** An address without the slash at its end; paths are put behind it. */
function origin(address: string | undefined): string {
  return address?.replace(/\/+$/, '') ?? '';
}

/** The configuration as it may be logged: secrets are replaced. */
export function withoutSecrets(config: Config): Record<string, unknown> {
  return {
    ...config,
    sessionKey: '[hidden]',
    sessionKeyPrevious: config.sessionKeyPrevious && '[hidden]',
    database: config.database && shownSettings(config.database),
  };
}

function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
