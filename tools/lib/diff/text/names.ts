/** How many names are told before the rest is counted. */
const MOST = 4;

/** Names one after another: `dev, staging and 3 more`. */
export function names(all: readonly string[], most = MOST): string {
  if (all.length <= most) return all.join(', ');
  return `${all.slice(0, most - 1).join(', ')} and ${all.length - most + 1} more`;
}
