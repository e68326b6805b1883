import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readConfig, VARIABLES, withoutSecrets } from './config.ts';
import { databaseAt } from './database/settings.ts';
import type { Variable } from './variable.ts';

const GOOD = { DATABASE_URL: 'postgres://me:secret@db:5432/conduit', SESSION_KEY: 'k'.repeat(32) };

describe('the configuration', () => {
  test('has defaults for all but the database and the key', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(readConfig(GOOD)).toEqual({
      target: 'all',
      partUrls: undefined,
      database: databaseAt(GOOD.DATABASE_URL),
      sessionKey: GOOD.SESSION_KEY,
      sessionKeyPrevious: undefined,
      authLimits: { signInFailuresPerHour: 20, signUpsPerHour: 300 },
      host: '0.0.0.0',
      port: 8080,
      managementPort: 9090,
      version: manifest.version,
      colour: '#2f6f4f',
      drainSeconds: 5,
      load: { maxInFlight: 64, maxQueueMilliseconds: 500 },
      faults: undefined,
      logLevel: 'info',
      otlpEndpoint: undefined,
      otlpProtocol: 'http/protobuf',
    });
  });

  test('takes an empty variable as left out', () => {
    expect(
      readConfig({
        ...GOOD,
        PORT: '',
        COLOUR: '',
        OTEL_EXPORTER_OTLP_ENDPOINT: '',
        // As the platform gives it while no key is being exchanged.
        SESSION_KEY_PREVIOUS: '',
      }),
    ).toEqual(readConfig(GOOD));
  });

  test.each(['teal', '#abc', '#2f6f4f', '#2f6f4fcc', 'rgb(10, 20, 30)', 'oklch(60% 0.1 160)'])(
    'takes the colour %s',
    (COLOUR) => {
      expect(readConfig({ ...GOOD, COLOUR }).colour).toBe(COLOUR);
    },
  );

  test.each([
    [{ FAULT_ERROR_RATE: '0.05' }, { errorRate: 0.05 }],
    [{ FAULT_ERROR_RATE: '5%' }, { errorRate: 0.05 }],
    [{ FAULT_ERROR_RATE: '1' }, { errorRate: 1 }],
    [{ FAULT_LATENCY_MS: '800' }, { latency: { milliseconds: 800, share: 1 } }],
    [{ FAULT_LATENCY_MS: '800@12.5%' }, { latency: { milliseconds: 800, share: 0.125 } }],
    [{ FAULT_CRASH_AFTER_SECONDS: '0' }, { crashAfterSeconds: 0 }],
    [
      { FAULT_ERROR_RATE: '100%', FAULT_LATENCY_MS: '1@0.5' },
      { errorRate: 1, latency: { milliseconds: 1, share: 0.5 } },
    ],
  ])('takes the faults %j', (env, faults) => {
    expect(readConfig({ ...GOOD, ...env }).faults).toEqual(faults);
  });

  test.each([
    ['PORT', 'abc', 'PORT: found "abc"; allowed is an integer from 0 (any free port) to 65535'],
    ['PORT', '65536', 'PORT: found "65536"; allowed is an integer from 0 (any free port) to 65535'],
    [
      'MANAGEMENT_PORT',
      '-1',
      'MANAGEMENT_PORT: found "-1"; allowed is an integer from 0 (any free port) to 65535',
    ],
    [
      'SIGN_IN_FAILURES_PER_HOUR',
      'many',
      'SIGN_IN_FAILURES_PER_HOUR: found "many"; allowed is an integer from 0 (no limit) to 999999',
    ],
    [
      'SIGN_UPS_PER_HOUR',
      '1e3',
      'SIGN_UPS_PER_HOUR: found "1e3"; allowed is an integer from 0 (no limit) to 999999',
    ],
    ['MANAGEMENT_PORT', '8080', 'MANAGEMENT_PORT: found 8080, which is PORT too; allowed is another port'],
    [
      'SESSION_KEY',
      'tooshort',
      'SESSION_KEY: found 8 characters (hidden); allowed is at least 32 characters',
    ],
    ['SESSION_KEY', '', 'SESSION_KEY: found nothing; allowed is at least 32 characters'],
    [
      'SESSION_KEY_PREVIOUS',
      'tooshort',
      'SESSION_KEY_PREVIOUS: found 8 characters (hidden); allowed is at least 32 characters',
    ],
    [
      'DATABASE_URL',
      'mysql://a:hush@b/c',
      'DATABASE_URL: found 18 characters (hidden); allowed is postgres://user:password@host:5432/database, or left out with PGHOST set',
    ],
    [
      'DATABASE_URL',
      '',
      'DATABASE_URL: found nothing; allowed is postgres://user:password@host:5432/database, or left out with PGHOST set',
    ],
    ['VERSION', 'a b', 'VERSION: found "a b"; allowed is 1 to 64 letters, digits and . _ + -'],
    [
      'COLOUR',
      'red"/><script>',
      'COLOUR: found "red\\"/><script>"; allowed is a CSS colour: #2f6f4f, teal, oklch(60% 0.1 160)',
    ],
    [
      'COLOUR',
      '#12345',
      'COLOUR: found "#12345"; allowed is a CSS colour: #2f6f4f, teal, oklch(60% 0.1 160)',
    ],
    ['DRAIN_SECONDS', '1.5', 'DRAIN_SECONDS: found "1.5"; allowed is an integer from 0 to 600'],
    ['DRAIN_SECONDS', '601', 'DRAIN_SECONDS: found "601"; allowed is an integer from 0 to 600'],
    [
      'LOG_LEVEL',
      'loud',
      'LOG_LEVEL: found "loud"; allowed is trace, debug, info, warn, error, fatal, silent',
    ],
    [
      'COLOUR',
      'rgb(1,\n2,3)',
      'COLOUR: found "rgb(1,\\n2,3)"; allowed is a CSS colour: #2f6f4f, teal, oklch(60% 0.1 160)',
    ],
    ['MAX_IN_FLIGHT', '0', 'MAX_IN_FLIGHT: found "0"; allowed is an integer from 1 to 999999'],
    [
      'MAX_QUEUE_MS',
      '0.25',
      'MAX_QUEUE_MS: found "0.25"; allowed is milliseconds, an integer from 1 to 999999',
    ],
    ...['0', '5', '101%', '-0.1', 'some'].map((rate): [string, string, string] => [
      'FAULT_ERROR_RATE',
      rate,
      `FAULT_ERROR_RATE: found "${rate}"; allowed is a share above 0: 0.05 or 5%`,
    ]),
    ...['0', '60001', '800@', '@5%', '800@5%@5%', '800ms'].map((latency): [string, string, string] => [
      'FAULT_LATENCY_MS',
      latency,
      `FAULT_LATENCY_MS: found "${latency}"; allowed is milliseconds from 1 to 60000, for all requests or a share: 800 or 800@5%`,
    ]),
    [
      'FAULT_CRASH_AFTER_SECONDS',
      'soon',
      'FAULT_CRASH_AFTER_SECONDS: found "soon"; allowed is an integer from 0 to 600',
    ],
    [
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'grpc',
      'OTEL_EXPORTER_OTLP_PROTOCOL: found "grpc"; allowed is http/protobuf, http/json',
    ],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'collector:4318',
      'OTEL_EXPORTER_OTLP_ENDPOINT: found "collector:4318"; allowed is an http or https address',
    ],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => readConfig({ ...GOOD, [name]: value })).toThrow(new Error(message));
  });

  test('tells all mistakes at once, one a line', () => {
    expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(
      /^DATABASE_URL: .*\nSESSION_KEY: .*\nPORT: .*\nLOG_LEVEL: .*$/,
    );
  });

  test('is shown without secrets', () => {
    const shown = JSON.stringify(withoutSecrets(readConfig(GOOD)));
    expect(shown).toContain('"host":"db","port":5432,"user":"me","database":"conduit"');
    expect(shown).not.toMatch(/secret|kkkk/);
  });

  test('is what the table in README.md says', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = Object.entries<Variable>(VARIABLES).map(([name, { about, allowed, fallback, schema }]) => {
      const otherwise = fallback ?? (schema.safeParse(undefined).success ? 'none' : 'required');
      return [`\`${name}\``, about, allowed, name === 'VERSION' ? "the package's" : otherwise];
    });
    const table = /\n## Environment\n(.*?)\n## /s.exec(readme)?.[1]?.match(/^\| `.*\|$/gm) ?? [];
    expect(
      table.map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      ),
    ).toEqual(rows);
  });
});
