import { CLUSTER_VARS } from '../../../../config/cluster-vars.ts';
import type { Manifest } from '../../dist/manifests.ts';
import type { Cluster } from '../cluster.ts';
import { formatPath } from '../path.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { mend } from '../suggest.ts';
import { walkStrings } from '../walk-strings.ts';

const SUBSTITUTE = 'kustomize.toolkit.fluxcd.io/substitute';

/** Flux's variables: a name, then the end or one of the operators that its `envsubst` knows. */
const VARIABLE = /^\$\{#?([_a-zA-Z][_a-zA-Z0-9]*)(?:\}|[:=,^/#%])/;

/** A run of dollars, and a brace behind it. Of each two dollars Flux leaves one, and then looks at what remains. */
const DOLLARS = /\$\$+|\$\{/g;

/**
 * A text that is nothing but one variable, or its default. Flux writes a manifest anew before it substitutes, so quotes
 * around it in `dist/` don't reach it, and a value that YAML reads as a number or boolean becomes one.
 */
const ALONE = /^\$\{([_a-zA-Z][_a-zA-Z0-9]*)(?::?[=-]([^${}]*))?\}$/;
const READS_AS_ANOTHER_TYPE = /^(?:[-+]?[\d.][\d_.]*(?:e[-+]?\d+)?|true|false|yes|no|on|off|null|~|)$/i;
const NAMES_A_NUMBER =
  /(?:^|_)(?:PORT|ACCOUNT|ACCOUNT_ID|COUNT|NUMBER|SIZE|SECONDS|MINUTES|ENABLED|DISABLED)$/;

export const variables: Policy = {
  name: 'variables',
  reason:
    'Flux refuses to apply a folder in which it cannot substitute a variable, and in dist/*/flux it substitutes none.',
  check: inClusters((cluster) => {
    const folders = new Map<string, Substitution>();
    return cluster.manifests.flatMap((manifest) => {
      const folder = `dist/${manifest.file.slice(0, manifest.file.lastIndexOf('/'))}`;
      const known = folders.get(folder) ?? substitution(cluster, folder);
      folders.set(folder, known);
      return judge(manifest, known);
    });
  }),
};

/** What is substituted in a folder: the keys that can be, or why none is. */
type Substitution = { keys: ReadonlySet<string> } | { nobody: string };

function substitution(cluster: Cluster, folder: string): Substitution {
  if (`${folder}/`.startsWith(`dist/${cluster.name}/flux/`))
    return { nobody: 'which nothing substitutes in this folder' };
  const keys = new Set<string>();
  const appliedBy = cluster.kustomizations.appliedBy(folder);
  for (const { substitutes } of appliedBy) {
    if (substitutes.fromCluster) for (const key of Object.keys(CLUSTER_VARS)) keys.add(key);
    for (const key of substitutes.own) keys.add(key);
  }
  if (keys.size > 0) return { keys };
  // That nothing applies the folder is told already; its variables are judged as if something did.
  if (appliedBy.length === 0) return { keys: new Set(Object.keys(CLUSTER_VARS)) };
  return { nobody: 'and the Kustomization of this folder substitutes none' };
}

function judge(manifest: Manifest, known: Substitution): Breach[] {
  const { labels, annotations } = manifest.object.metadata ?? {};
  if (labels?.[SUBSTITUTE] === 'disabled' || annotations?.[SUBSTITUTE] === 'disabled') return [];
  const breaches: Breach[] = [];
  walkStrings(manifest.object, (value, path) => {
    if (!value.includes('$')) return;
    const found =
      'nobody' in known
        ? unsubstituted(value, known.nobody)
        : [...substituted(value, known.keys), ...mistyped(value, path)];
    for (const breach of found) breaches.push({ at: manifest, path: formatPath(path), ...breach });
  });
  return breaches;
}

type Mistake = Pick<Breach, 'wrong' | 'fix'>;

function unsubstituted(value: string, why: string): Mistake[] {
  if (!value.includes('${')) return [];
  return [{ wrong: `holds "\${", ${why}`, fix: 'put the value itself there' }];
}

function substituted(value: string, keys: ReadonlySet<string>): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const { 0: dollars, index } of value.matchAll(DOLLARS)) {
    const end = index + dollars.length;
    const single = dollars === '${';
    if (!single && value[end] !== '{') {
      mistakes.push({
        wrong: `holds ${JSON.stringify(dollars)}, of which Flux leaves half`,
        fix: `write ${JSON.stringify('$'.repeat(dollars.length * 2))}, or one dollar`,
      });
      continue;
    }
    // An even number of dollars before a brace is a literal.
    if (!single && dollars.length % 2 === 0) continue;
    const start = single ? index : end - 1;
    const name = VARIABLE.exec(value.slice(start, start + 200))?.[1];
    if (name === undefined) {
      const shown = value.slice(start, start + 20);
      mistakes.push({
        wrong: `${JSON.stringify(shown)} is no variable that Flux can read`,
        fix: 'for a literal write "$${"',
      });
    } else if (!keys.has(name)) {
      mistakes.push({
        wrong: `\${${name}} is no key of CLUSTER_VARS`,
        fix: `${mend(name, keys, 'add the key to config/cluster-vars.ts')}; for a literal write "$\${"`,
      });
    }
  }
  return mistakes;
}

/** Where Kubernetes takes nothing but a text. */
function wantsText(path: readonly (string | number)[]): boolean {
  const parent = path.at(-2);
  if (parent === 'labels' || parent === 'annotations' || parent === 'matchLabels') return true;
  if (path.length === 2 && (path[0] === 'data' || path[0] === 'stringData')) return true;
  if (parent === 'args' || parent === 'command') return true;
  return path.at(-1) === 'value' && path.at(-3) === 'env';
}

function mistyped(value: string, path: readonly (string | number)[]): Mistake[] {
  if (!wantsText(path)) return [];
  const [, name, fallback] = ALONE.exec(value) ?? [];
  if (name === undefined) return [];
  const isNumber =
    NAMES_A_NUMBER.test(name) || (fallback !== undefined && READS_AS_ANOTHER_TYPE.test(fallback));
  if (!isNumber) return [];
  return [
    {
      wrong: `${value} alone arrives as a number or boolean, whatever quotes are around it`,
      fix: 'put it into a longer text',
    },
  ];
}
