import type { Flag } from '../report.ts';

const MARKER = /# \{"\$imagepolicy": "([^":]+:[^":]+)(?::[a-z]+)?"\}/g;

interface Document {
  folder: string;
  text: string;
}

/** Markers that came or went: an image is pinned, or left to Flux's image automation again. */
export function automationFlags(
  documents: Readonly<Record<'before' | 'after', readonly Document[]>>,
): Flag[] {
  const [before, after] = [policies(documents.before), policies(documents.after)];
  return [...before].flatMap(([folder, old]) => {
    const next = after.get(folder);
    // An app that comes or goes brings or takes its markers; that is no news.
    if (next === undefined) return [];
    return [
      ...[...old]
        .filter((policy) => !next.has(policy))
        .map((policy) => flag(folder, policy, 'image no longer automated', 'no longer moves')),
      ...[...next]
        .filter((policy) => !old.has(policy))
        .map((policy) => flag(folder, policy, 'image automated', 'now moves')),
    ];
  });
}

function flag(folder: string, policy: string, label: string, verb: string): Flag {
  return {
    kind: 'automation',
    severity: 'info',
    label: `${folder}: ${label}`,
    says: `image automation ${verb} the image of ${folder} (policy ${policy})`,
  };
}

/** By folder, the policies that markers name. */
function policies(documents: readonly Document[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { folder, text } of documents) {
    const own = found.get(folder) ?? new Set();
    for (const [, policy] of text.matchAll(MARKER)) if (policy) own.add(policy);
    found.set(folder, own);
  }
  return found;
}
