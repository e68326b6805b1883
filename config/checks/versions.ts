import type { Mistake } from '../errors.ts';
import type { Known } from './cross-checks.ts';
import { refusal } from './refusal.ts';
import { byLine, type RingFileEntry, readRingFile } from './ring-file.ts';

/** The file that holds the versions, as seen from the repo's root. */
export const VERSIONS_FILE = 'config/versions.yaml';

/** What we install on every cluster, by the names under which `config/versions.yaml` has their versions. */
export const ADD_ONS = [
  'gateway-api',
  'cert-manager',
  'trust-manager',
  'linkerd',
  'flagger',
  'flagger-loadtester',
  'ingress-nginx',
  'external-dns',
  'oauth2-proxy',
  'karpenter',
  'bottlerocket',
  'aws-load-balancer-controller',
  'metrics-server',
  'external-secrets',
  'kube-prometheus-stack',
  'opentelemetry-collector',
  'aws-for-fluent-bit',
] as const;

/** The name of an add-on. */
export type AddOn = (typeof ADD_ONS)[number];

/** The exact version of each add-on, by ring: `versions.dev?.flagger` is `1.44.0`. */
export type Versions = Record<string, Record<AddOn, string>>;

const ALLOWED = 'an exact version such as 1.44.0';

/** @see https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
const EXACT =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(\+[\da-zA-Z-]+(\.[\da-zA-Z-]+)*)?$/;

const RENOVATE = /^ # renovate: datasource=\S+ depName=\S+( \w+=\S+)*$/;
const RENOVATE_FORM = '" # renovate: datasource=<docker or helm> depName=<name>" behind the version';

/**
 * Judges `config/versions.yaml`.
 *
 * @param source what the file holds
 * @param known what the platform says about rings
 * @returns the versions, complete only when there is no mistake
 */
export function parseVersions(source: string, known: Known): { versions: Versions; mistakes: Mistake[] } {
  const required = new Map(ADD_ONS.map((name) => [name, '']));
  const { entries, mistakes } = readRingFile(source, {
    file: VERSIONS_FILE,
    rings: known.rings && [...known.rings.keys()],
    names: ADD_ONS,
    holds: 'add-ons with their versions',
    required: () => required,
    allowed: ALLOWED,
    meant: exact,
  });
  const versions: Record<string, Record<string, string>> = {};
  for (const entry of entries) {
    mistakes.push(...judge(entry));
    const { ring, name, text } = entry;
    versions[ring] ??= {};
    versions[ring][name] = text;
  }
  return { versions: versions as Versions, mistakes: mistakes.sort(byLine) };
}

function judge({ text, rest, mistake }: RingFileEntry): Mistake[] {
  const mistakes: Mistake[] = [];
  if (!EXACT.test(text)) mistakes.push(mistake(refusal(text, ALLOWED, { meant: exact(text) })));
  if (!RENOVATE.test(rest)) {
    const found =
      rest.trim() === '' ? 'has no comment for Renovate' : `found the comment ${JSON.stringify(rest.trim())}`;
    mistakes.push(mistake(`${found}; allowed: ${RENOVATE_FORM}, else nobody raises it`, 'rest'));
  }
  return mistakes;
}

/** The version that a range or a short form starts from: `^1.2` is read as `1.2.0`. */
function exact(text: string): string | undefined {
  const numbers = /^[v^~>=<\s]*(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(text);
  if (numbers === null) return undefined;
  const guess = [numbers[1], numbers[2] ?? '0', numbers[3] ?? '0'].join('.');
  return EXACT.test(guess) ? guess : undefined;
}
