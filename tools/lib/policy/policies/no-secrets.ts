import type { Manifest } from '../../dist/manifests.ts';
import type { Cluster } from '../cluster.ts';
import { formatPath } from '../path.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, items, text } from '../read.ts';
import { walkStrings } from '../walk-strings.ts';

const FIX = 'keep it in AWS Secrets Manager, and read it from the Secret that an ExternalSecret makes';

/** Texts that are secrets wherever they stand. Messages say what they are and never what they hold. */
const SHAPES: readonly { shape: RegExp; is: string }[] = [
  { shape: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/, is: 'a private key' },
  { shape: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, is: 'an AWS access key id' },
  { shape: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})/, is: 'a GitHub token' },
  // A password that is put in later, as ${THIS}, $(THIS) or $THIS, is none.
  { shape: /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"'<>]*:(?!\$)[^\s/@"'<>]+@/i, is: 'a URL with a password' },
];

/** One quick look at a text before the close ones: what every shape holds. */
const WORTH_A_LOOK = /PRIVATE KEY|AKIA|ASIA|gh[pousr]_|github_pat_|:\/\/[^/]*@/;

/** Names whose value is a secret, by their last word: `PGPASSWORD`, `apiToken`, `SESSION_KEY`. */
const PASSWORD_NAME = /(?:password|passwd|passphrase|token)s?$/i;
const SECRET_NAME =
  /(?:password|passwd|passphrase|token|secret)s?$|(?:^|[^A-Za-z])key$|(?:api|access|secret|private|session)_?key$/i;
const PUBLIC_NAME = /public_?key$/i;

export const noSecrets: Policy = {
  name: 'no-secrets',
  reason: 'Everyone who can read this repo, now or later, can read what was ever committed to it.',
  check: inClusters((cluster) => [
    ...cluster.manifests.flatMap(judgeTexts),
    ...cluster.ofKind('Secret').flatMap(judgeSecret),
    ...judgeEnvironments(cluster),
    ...cluster.ofKind('ConfigMap').flatMap(judgeConfigMap),
    ...cluster.ofKind('helm.toolkit.fluxcd.io/HelmRelease').flatMap(judgeValues),
  ]),
};

function judgeTexts(manifest: Manifest): Breach[] {
  const breaches: Breach[] = [];
  walkStrings(manifest.object, (value, path) => {
    if (!WORTH_A_LOOK.test(value)) return;
    for (const { shape, is } of SHAPES) {
      if (shape.test(value))
        breaches.push({ at: manifest, path: formatPath(path), wrong: `holds ${is}`, fix: FIX });
    }
  });
  return breaches;
}

function judgeSecret(manifest: Manifest): Breach[] {
  return ['data', 'stringData'].flatMap((field) =>
    Object.entries(fields(at(manifest.object, field)))
      .filter(([, value]) => value !== '' && value !== null)
      .map(([name]) => ({
        at: manifest,
        path: formatPath([field, name]),
        wrong: 'is a value of a Secret',
        fix: FIX,
      })),
  );
}

function judgeEnvironments({ workloads }: Cluster): Breach[] {
  return workloads.flatMap(({ manifest, containers }) =>
    containers.flatMap(({ fields: container, path }) =>
      items(container.env).flatMap((entry, index): Breach[] => {
        const { name, value } = fields(entry);
        if (!isSecret(text(name) ?? '', value, SECRET_NAME)) return [];
        return [secretNamed(manifest, `${path}.env[${index}].value`, String(name))];
      }),
    ),
  );
}

/** Containers take whole ConfigMaps as their environment. */
function judgeConfigMap(manifest: Manifest): Breach[] {
  return Object.entries(fields(at(manifest.object, 'data')))
    .filter(([name, value]) => isSecret(name, value, SECRET_NAME))
    .map(([name]) => secretNamed(manifest, formatPath(['data', name]), name));
}

/**
 * A Helm chart's values: in a list of name and value as in a container; else only what can be nothing but a secret,
 * since charts write `secret: its-name` and `key: its-key` too.
 */
function judgeValues(manifest: Manifest): Breach[] {
  const breaches: Breach[] = [];
  const look = (inner: unknown, path: readonly (string | number)[]): void => {
    if (Array.isArray(inner)) {
      for (const [index, item] of inner.entries()) look(item, [...path, index]);
      return;
    }
    const { name, value } = fields(inner);
    if (typeof name === 'string' && isSecret(name, value, SECRET_NAME))
      breaches.push(secretNamed(manifest, formatPath([...path, 'value']), name));
    for (const [key, item] of Object.entries(fields(inner))) {
      if (isSecret(key, item, PASSWORD_NAME))
        breaches.push(secretNamed(manifest, formatPath([...path, key]), key));
      look(item, [...path, key]);
    }
  };
  look(at(manifest.object, 'spec', 'values'), ['spec', 'values']);
  return breaches;
}

/** Whether a name says that its value is a secret, and the value is there and not only where to find it. */
function isSecret(name: string, value: unknown, names: RegExp): boolean {
  if (typeof value !== 'string' || !names.test(name) || PUBLIC_NAME.test(name)) return false;
  return value !== '' && !/^(?:\/.*|\$\{\w+\}|\$\(\w+\)|\d+|true|false)$/.test(value);
}

function secretNamed(manifest: Manifest, path: string, name: string): Breach {
  return {
    at: manifest,
    path,
    wrong: `is the value of ${JSON.stringify(name)}, by its name a secret`,
    fix: FIX,
  };
}
