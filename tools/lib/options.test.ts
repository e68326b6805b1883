import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { repeated, wholeNumber } from './options.ts';

/** What a command makes of its arguments, or what it says of them. */
function read(...args: string[]): unknown {
  const said: string[] = [];
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: (text) => said.push(text) })
    .option('--port <number>', '', wholeNumber(1, 65_535))
    .option('--ring <name>', '', repeated, []);
  try {
    return command.parse(args, { from: 'user' }).opts();
  } catch {
    return said.join('');
  }
}

describe('wholeNumber', () => {
  test.each(['1', '3000', '65535'])('takes %s', (text) => {
    expect(read('--port', text)).toEqual({ port: Number(text), ring: [] });
  });

  test.each(['0', '65536', '-1', '3.5', '1e3', '0x10', ' ', '', 'many'])('refuses %j', (text) => {
    expect(read(`--port=${text}`)).toBe(
      `error: option '--port <number>' argument '${text}' is invalid. allowed: a whole number from 1 to 65535.\n`,
    );
  });
});

test('an option that may be repeated keeps the order of what is given', () => {
  expect(read('--ring', 'prod', '--ring', 'staging')).toEqual({ ring: ['prod', 'staging'] });
});
