import { type JsonObject, stringAt, strings } from '../fields/json.ts';
import type { Flag } from '../report.ts';

/** `$$` is a plain dollar sign; a variable with a default may miss. */
const VARIABLE = /\$\$|\$\{([A-Za-z_]\w*)(:?[-=])?/g;

/** The variables that a text needs Flux to know. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, name, fallback]) => (name && !fallback ? [name] : []));
}

/** The variables in documents that are not worth reading: comments are left out. */
export function variablesInText(text: string): string[] {
  return text.includes('${') ? variablesIn(text.replaceAll(/^\s*#.*$/gm, '')) : [];
}

/** The variables that an object needs Flux to know. */
export function variablesOf(object: JsonObject): string[] {
  const annotation = stringAt(object, 'metadata', 'annotations', 'kustomize.toolkit.fluxcd.io/substitute');
  return annotation === 'disabled' ? [] : [...new Set([...strings(object)].flatMap(variablesIn))];
}

/**
 * What an object needs that nothing in the cluster did before: the ConfigMap that holds it comes from the cluster's
 * stacks, and Flux applies nothing of a Kustomization with an unknown variable.
 */
export function variableFlags(object: JsonObject, known: ReadonlySet<string>): Flag[] {
  const unknown = variablesOf(object).filter((name) => !known.has(name));
  if (unknown.length === 0) return [];
  const names = unknown.map((name) => `\${${name}}`).join(', ');
  return [
    {
      kind: 'infra-first',
      severity: 'warning',
      label: 'deploy infra first',
      says: `deploy infra first: nothing in this cluster used ${names} before, and until cluster-vars holds it Flux applies nothing of this Kustomization`,
    },
  ];
}
