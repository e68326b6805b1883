import type { Analysis } from '../odds/analysis.ts';

/** A chance for a person: `0.34 %`, `under 0.0001 %`; never 0 or 100 %, since what is that unlikely is not computed. */
export function chance(share: number): string {
  if (share < 1e-6) return 'under 0.0001 %';
  return share > 0.9999 ? 'over 99.99 %' : percent(share);
}

/** A share for a person: `0.34 %`, `99.9 %`. Two digits, on the side where they tell the most. */
export function percent(share: number): string {
  if (share <= 0 || share >= 1) return `${100 * share} %`;
  const value = 100 * share;
  // As many digits as the smaller of the two sides needs.
  const side = Math.min(value, 100 - value);
  const digits = side >= 10 ? 0 : 1 - Math.floor(Math.log10(side));
  return `${Number(value.toFixed(Math.min(digits, 9)))} %`;
}

/** A time for a person: `45 s`, `9 min 30 s`, `1 h 52 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  if (minutes > 0) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return `${rest} s`;
}

/** A number for a person: `1,204`, `12`, `0.6`. */
export function number(value: number): string {
  return (value >= 10 ? Math.round(value) : Number(value.toPrecision(2))).toLocaleString('en-US');
}

/** A number with its noun, which ends in "s" but for one. */
export function several(value: number, noun: string): string {
  return `${number(value)} ${noun}${number(value) === '1' ? '' : 's'}`;
}

/** How a canary goes on, in a line. */
export function settings({ machine, intervalSeconds }: Analysis): string {
  const { progress, threshold } = machine;
  const each = duration(intervalSeconds);
  const end = `${several(threshold, 'failed check')} roll${threshold === 1 ? 's' : ''} back`;
  if (progress.kind === 'evenWeights') {
    return `${progress.step} % more every ${each}, up to ${progress.max} %; ${end}`;
  }
  if (progress.kind === 'listedWeights') return `${progress.weights.join(', ')} %, every ${each}; ${end}`;
  const name = progress.kind === 'abTest' ? 'A/B test' : 'blue/green';
  return `${name}, ${several(progress.iterations, 'iteration')}, every ${each}; ${end}`;
}

/** The success that a canary asks for, of the strictest metric: `99 %`. */
export function successLimit({ metrics }: Analysis): string | undefined {
  const limits = metrics.filter(({ counts }) => counts === 'failed').map(({ tolerated }) => tolerated);
  return limits.length === 0 ? undefined : percent(1 - Math.min(...limits));
}
