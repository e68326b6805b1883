import semver, { type SemVer } from 'semver';

/** A channel that some projects put in front of their versions: `edge-26.8.3`. */
const CHANNEL = /^([a-z]+)-(?=\d)/;

/**
 * Compares two versions by the precedence of semantic versioning. A digest behind a version is left out.
 *
 * @returns negative when `a` comes before `b`, positive when after, 0 for the same, and nothing when one of them is no
 *   semantic version, or of another channel, and they differ
 * @see https://semver.org/#spec-item-11
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  const [one, other] = [parse(a), parse(b)];
  if (one === undefined || other === undefined || one.channel !== other.channel) return undefined;
  return semver.compare(one.version, other.version);
}

/** Whether a version comes before another; not where that can't be told. */
export function isOlder(version: string, than: string): boolean {
  return (compareVersions(version, than) ?? 0) < 0;
}

function parse(text: string): { channel: string; version: SemVer } | undefined {
  const [tag = ''] = text.split('@');
  const channel = CHANNEL.exec(tag)?.[1] ?? '';
  const version = semver.parse(tag.replace(CHANNEL, ''));
  return version === null ? undefined : { channel, version };
}
