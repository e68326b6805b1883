// The small values a config is made of: each with a test, and with the words that say what is allowed.
import { z } from 'zod';
import { formatCidr, isPrivate, parseCidr } from './cidr.ts';
import { refusal } from './refusal.ts';

type OnIssue = (issue: { input?: unknown }) => string;

interface TextRules {
  /** What is allowed, in words, ending with an example where that helps. */
  allowed: string;
  test: (value: string) => boolean;
  /** What somebody who wrote this value probably meant; offered only when it passes the test. */
  meant?: (value: string) => string | undefined;
}

/** A string under rules of its own. */
function text({ allowed, test, meant }: TextRules) {
  const error: OnIssue = ({ input }) => {
    const found = typeof input === 'number' || typeof input === 'string' ? String(input) : '';
    const guesses = [meant?.(found), found.trim(), found.toLowerCase()];
    const guess = guesses.find((value) => value !== undefined && value !== input && test(value));
    return refusal(input, allowed, { meant: guess, wanted: 'a string' });
  };
  return z.string({ error }).refine(test, { error });
}

/**
 * A whole number.
 *
 * @param min the least allowed
 * @param max the most allowed; without it there is no upper bound
 * @param aside why the bounds are what they are, or the unit: it follows the bounds in a refusal
 */
export function wholeNumber(min: number, max?: number, aside?: string) {
  const bounds = max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
  const allowed = `a whole number ${bounds}${aside === undefined ? '' : ` (${aside})`}`;
  const error: OnIssue = ({ input }) => refusal(input, allowed, { wanted: 'a number' });
  return z
    .int({ error })
    .min(min, { error })
    .max(max ?? Number.MAX_SAFE_INTEGER, { error });
}

/** A share in percent, over 0 and up to 100; fractions such as 99.5 are fine. */
export function percentage() {
  const error: OnIssue = ({ input }) =>
    refusal(input, 'a number over 0 and up to 100', { wanted: 'a number' });
  return z.number({ error }).gt(0, { error }).max(100, { error });
}

/** How often something comes a second: over 0, and fractions such as 0.2 are fine; more than a million is a slip. */
export function perSecond() {
  const error: OnIssue = ({ input }) =>
    refusal(input, 'a number over 0 and up to 1000000 (requests a second)', { wanted: 'a number' });
  return z.number({ error }).gt(0, { error }).max(1e6, { error });
}

/**
 * The edges of the buckets into which Linkerd's proxy counts response times, in milliseconds.
 *
 * @see https://github.com/linkerd/linkerd2-proxy/blob/main/linkerd/metrics/src/latency.rs
 */
export const LATENCY_EDGES = [
  1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1000, 2000, 3000, 4000, 5000, 10_000, 20_000,
  30_000, 40_000, 50_000,
] as const;

/** A time limit in milliseconds on an edge of Linkerd's buckets: only there can the share over the limit be counted. */
export function latencyEdge() {
  return z.number({ error: offAnEdge }).refine(isLatencyEdge, { error: offAnEdge });
}

function isLatencyEdge(value: number): boolean {
  return (LATENCY_EDGES as readonly number[]).includes(value);
}

const offAnEdge: OnIssue = ({ input }) => {
  const near = typeof input === 'number' && input > 0 && Number.isFinite(input) ? input : 500;
  const away = (edge: number) => Math.abs(Math.log(edge / near));
  const byDistance = [...LATENCY_EDGES].sort((a, b) => away(a) - away(b));
  const five = byDistance.slice(0, 5).sort((a, b) => a - b);
  const allowed = `milliseconds on an edge of Linkerd's latency buckets (between two edges a P99 is a guess): ${five.join(', ')}, … (${LATENCY_EDGES.length} in all)`;
  return refusal(input, allowed, {
    meant: typeof input === 'number' ? byDistance[0] : undefined,
    wanted: 'a number',
  });
};

const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/**
 * A name in lower case that can be a DNS label and a Kubernetes object's name.
 *
 * @param longest how many characters it may have; a DNS label has at most 63
 * @param why what asks for fewer than 63
 */
export function label(longest = 63, why?: string) {
  return text({
    allowed: `lower-case letters, digits and "-", starting with a letter and at most ${longest} long${why === undefined ? '' : ` (${why})`}`,
    test: (value) => LABEL.test(value) && value.length <= longest,
    meant: (value) =>
      value
        .trim()
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-'),
  });
}

/** A DNS name of at least two labels: no scheme, no trailing dot. At most 253 characters, as DNS has it. */
export function domainName() {
  return text({
    allowed: 'a DNS name in lower case of at least two labels, such as "slipway.example"',
    test: (value) =>
      value.length <= 253 &&
      value.includes('.') &&
      value.split('.').every((part) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(part)),
    meant: (value) =>
      value
        .trim()
        .toLowerCase()
        .replace(/^[a-z]+:\/\//, '')
        .replace(/[/:].*$/, '')
        .replace(/\.$/, ''),
  });
}

/** The URL of a git repository in a form that Flux can clone: https or ssh, with no password in it. */
export function gitUrl() {
  return text({
    allowed: 'an https or ssh URL without a password, such as "https://github.com/slipway/slipway"',
    test: (value) =>
      /^https:\/\/[a-z0-9.-]+(:\d+)?\/[\w./~-]+$/i.test(value) ||
      /^ssh:\/\/([\w-]+@)?[a-z0-9.-]+(:\d+)?\/[\w./~-]+$/i.test(value),
    // git takes these too, Flux doesn't
    meant: (value) => {
      const scp = /^([\w-]+@[a-z0-9.-]+):(?!\/)(.+)$/i.exec(value);
      return scp === null ? value.replace(/^(?:http|git):\/\//, 'https://') : `ssh://${scp[1]}/${scp[2]}`;
    },
  });
}

/** A channel of people that chat: for Slack with its `#`, or by its id. */
export function alertChannel() {
  return text({
    allowed: 'the name of a channel, such as "#releases"',
    test: (value) => /^[#@]?[\w.-]{1,80}$/.test(value),
    meant: (value) => value.trim().replaceAll(' ', '-').toLowerCase(),
  });
}

/** The name of a git branch. */
export function branchName() {
  return text({
    allowed: 'the name of a branch, such as "main"',
    test: (value) => /^(?![/.])[\w./-]+(?<![/.])$/.test(value) && !/\.\.|\/\/|\.lock$/.test(value),
    meant: (value) => value.replace(/^refs\/heads\//, ''),
  });
}

/** A host that can't be taken for the first part of a path: it has a dot or a port, or is `localhost`. */
const HOST = String.raw`(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9-]+(?=:))(?::\d{1,5})?`;
const REPOSITORY = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;

/**
 * An image's name without tag and digest, as a pattern to be put into a larger one.
 *
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export const IMAGE_NAME = `${HOST}(?:/${REPOSITORY})+`;

/** Where images are pushed: a host, with a port if need be, and a path. */
export function registry() {
  return text({
    allowed: 'a host and a path without scheme and tag, such as "ghcr.io/slipway"',
    test: (value) => new RegExp(`^${IMAGE_NAME}$`).test(value),
    meant: (value) =>
      value
        .trim()
        .toLowerCase()
        .replace(/^[a-z]+:\/\//, '')
        .replace(/\/$/, '')
        .replace(/:[^/:]+$/, ''),
  });
}

/** An http or https address. */
export function httpUrl() {
  return text({
    allowed: 'an http or https address, such as "https://gate.slipway.example/check"',
    test: (value) => /^https?:\/\/\S+$/.test(value) && URL.canParse(value),
    meant: (value) => `https://${value.trim().replace(/^\/+/, '')}`,
  });
}

/** The address of an OIDC provider: by https alone, and with nothing behind its path. */
export function issuerUrl() {
  return text({
    allowed: 'an https address without a query, such as "https://login.slipway.example"',
    test: (value) => /^https:\/\/[^\s?#]+$/.test(value) && URL.canParse(value),
    meant: (value) => `https://${value.trim().replace(/^(https?:)?\/+/, '')}`.replace(/[?#].*$/, ''),
  });
}

/** A path of a URL, with its query: it becomes part of a command that a shell runs. */
export function urlPath() {
  return text({
    allowed: 'a path and its query, such as "/products?page=1"',
    test: (value) => /^\/[\w\-./~%=&?+,:@]*$/.test(value),
    meant: (value) =>
      `/${value
        .trim()
        .replace(/^https?:\/\/[^/]*/, '')
        .replace(/^\/+/, '')}`,
  });
}

/** An amount of CPU as a Kubernetes quantity: cores, or thousandths of a core with an `m`. */
export function cpuQuantity() {
  return text({
    allowed: 'a Kubernetes quantity of cores over 0, such as "100m" or "1.5"',
    test: (value) => /^(\d+m|\d+(\.\d{1,3})?)$/.test(value) && Number.parseFloat(value) > 0,
    // a bare number of 10 or more was hardly meant as that many cores
    meant: (value) =>
      /^\d{2,}$/.test(value) ? `${value}m` : value.replaceAll(/\s+/g, '').replace(/M$/, 'm'),
  });
}

/** An amount of memory as a Kubernetes quantity. */
export function memoryQuantity() {
  return text({
    allowed: 'a Kubernetes quantity of bytes over 0, such as "192Mi" or "1Gi"',
    test: (value) => /^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)$/.test(value) && Number.parseFloat(value) > 0,
    // "192m" is 0.192 bytes to Kubernetes; "192MB" is nothing to it
    meant: (value) => {
      const amount = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b?$/i.exec(value);
      return amount === null ? undefined : `${amount[1]}${amount[2]?.toUpperCase()}i`;
    },
  });
}

/** The number of an AWS account. It can start with a zero, so it is a string. */
export function awsAccount() {
  return text({
    allowed: 'the 12 digits of an AWS account, as a string',
    test: (value) => /^\d{12}$/.test(value),
    meant: (value) => value.replaceAll(/[\s-]/g, ''),
  });
}

/** An IPv4 range by its first address. */
export function cidr() {
  return text({
    allowed: 'an IPv4 range by its first address, such as "203.0.113.0/24"',
    test: (value) => {
      const range = parseCidr(value);
      return range !== undefined && formatCidr(range) === value;
    },
    meant: (value) => {
      const range = parseCidr(value.includes('/') ? value : `${value}/32`);
      return range === undefined ? undefined : formatCidr(range);
    },
  });
}

/**
 * The IPv4 range of a cluster's VPC. AWS allows /16 to /28; a range smaller than /20 (4,096 addresses over all subnets)
 * leaves too few, since every pod takes an address of the VPC.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export function vpcCidr() {
  return text({
    allowed: 'a private IPv4 range from /16 to /20 by its first address, such as "10.10.0.0/16"',
    test: (value) => {
      const range = parseCidr(value);
      if (range === undefined || formatCidr(range) !== value) return false;
      return isPrivate(range) && range.prefix >= 16 && range.prefix <= 20;
    },
    meant: (value) => {
      const range = parseCidr(value.includes('/') ? value : `${value}/16`);
      return range === undefined ? undefined : formatCidr(range);
    },
  });
}

/** A time of the day. */
export function clockTime() {
  return text({
    allowed: 'a time of the day from "00:00" to "24:00", such as "09:00"',
    test: (value) => /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(value),
    meant: (value) => {
      const [, hours, minutes] = /^(\d{1,2})(?:[:.h](\d{2}))?$/.exec(value.trim()) ?? [];
      return hours && `${hours.padStart(2, '0')}:${minutes ?? '00'}`;
    },
  });
}

/** A day, or a minute of one, by the clock of some time zone. */
export function dayOrMinute() {
  return text({
    allowed: 'a day, such as "2026-12-18", or a minute of one, such as "2026-12-18T17:00"',
    test: (value) =>
      /^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d)?$/.test(value) &&
      // JavaScript takes the 31st of any month.
      new Date(`${value.slice(0, 10)}T00:00Z`).toJSON()?.startsWith(value.slice(0, 10)) === true,
    meant: (value) =>
      value
        .trim()
        .replace(' ', 'T')
        .replace(/(T\d\d:\d\d):.*$|Z$/, '$1'),
  });
}

/** The name of a time zone. @see https://www.iana.org/time-zones */
export function timeZone() {
  return text({
    allowed: 'a time zone by its name, such as "UTC" or "Europe/Dublin"',
    test: (value) => ZONES.has(value),
    meant: (value) => {
      const name = value.trim().replaceAll(' ', '_').toLowerCase();
      return [...ZONES].find(
        (zone) => zone.toLowerCase() === name || zone.toLowerCase().endsWith(`/${name}`),
      );
    },
  });
}

const ZONES: ReadonlySet<string> = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

/** Why something is as it is, for a person: one line. */
export function reason() {
  return text({
    allowed: 'a reason in one line, for whoever comes next',
    test: (value) => value.trim() === value && value !== '' && !value.includes('\n'),
    meant: (value) => value.trim().replaceAll(/\s*\n\s*/g, ' '),
  });
}

/** The ARN of an IAM role, with the path that roles of IAM Identity Center have. */
export function roleArn() {
  return text({
    allowed: 'the ARN of an IAM role, such as "arn:aws:iam::111111111111:role/platform-admin"',
    test: (value) => /^arn:aws:iam::\d{12}:role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/.test(value),
    // what `aws sts get-caller-identity` prints
    meant: (value) =>
      value.replace(/^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, 'arn:aws:iam::$1:role/$2'),
  });
}

/** Somebody's e-mail address, or a group's. */
export function emailAddress() {
  return text({
    allowed: 'an e-mail address, such as "platform@slipway.example"',
    test: (value) => /^[^\s@:<>]+@[^\s@:<>]+\.[^\s@:<>]+$/.test(value),
    meant: (value) => value.replace(/^mailto:/, ''),
  });
}

/** A snapshot of a database in the cluster's region: its name, or its ARN when another account shares it. */
export function snapshotName() {
  return text({
    allowed: 'the name or the ARN of a database snapshot, such as "prod-eu-west-1-2026-11-01"',
    test: (value) =>
      /^(arn:aws:rds:[a-z0-9-]+:\d{12}:snapshot:)?(rds:)?[a-zA-Z]([a-zA-Z0-9]|-(?=[a-zA-Z0-9])){0,254}$/.test(
        value,
      ),
    meant: (value) => value.trim().replaceAll(/[\s_.]+/g, '-'),
  });
}
