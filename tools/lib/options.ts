// What commander is given to read options that several commands take.
import { InvalidArgumentError } from 'commander';

/**
 * Reads whole numbers.
 *
 * @param least the least that is allowed
 * @param most the most that is allowed
 * @returns a parser; its refusal says what is allowed, and commander's words before it which option it was and what was found
 */
export function wholeNumber(least = 1, most = 1_000_000): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`allowed: a whole number from ${least} to ${most}.`);
  };
}

/** Collects an option that may be given more than once. */
export function repeated(text: string, before: readonly string[]): string[] {
  return [...before, text];
}
