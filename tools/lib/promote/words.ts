/** A moment as a person reads it: `on 2026-11-20 14:03 UTC`. */
export function at(milliseconds: number): string {
  return `on ${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A time span as a person reads it, cut to whole minutes: `45 min`, `3 h`, `2 d 4 h`. */
export function minutes(number: number): string {
  const whole = Math.max(0, Math.floor(number));
  if (whole < 60) return `${whole} min`;
  const [days, hours, rest] = [Math.floor(whole / 1440), Math.floor((whole % 1440) / 60), whole % 60];
  const parts =
    days > 0 ? [`${days} d`, hours > 0 ? `${hours} h` : ''] : [`${hours} h`, rest > 0 ? `${rest} min` : ''];
  return parts.filter(Boolean).join(' ');
}
