import { styleText } from 'node:util';
import type { Finding } from './finding.ts';

/** A finding for a person: what is well in a line, what is not with what to do. */
export function findingLines({ what, says, remedy, isVital }: Finding): string[] {
  if (remedy === undefined) return [`${styleText('green', 'well')}     ${what}: ${says}`];
  const word = isVital ? styleText('red', 'missing') : styleText('yellow', 'look');
  return [`${word}${' '.repeat(isVital ? 2 : 5)}${what}: ${says}`, `${' '.repeat(9)}do: ${remedy}`];
}
