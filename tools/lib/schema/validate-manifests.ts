import type { Resource } from '../../../charts/custom-resource.ts';
import type { Finding } from '../check/finding.ts';
import { identity, type Manifest } from '../dist/manifests.ts';
import { schemaOf } from './definitions.ts';
import { KINDS, type Kind, type NameRule } from './kinds.ts';
import { quoted } from './messages.ts';
import { DNS_LABEL, DNS_LABEL_LETTER_FIRST, DNS_SUBDOMAIN, PATH_SEGMENT } from './patterns.ts';
import type { Schema } from './schema.ts';
import { type Problem, problemsOf } from './validate-value.ts';

/**
 * What is wrong with objects by themselves: fields that their kinds don't have, values that the API server would
 * refuse, kinds that we don't know. One finding for each mistake, in the order of the objects.
 */
export function validateManifests(manifests: readonly Manifest[]): Finding[] {
  return manifests.flatMap((manifest) => {
    const problems = problemsOfObject(manifest.object);
    if (problems.length === 0) return [];
    const where = place(manifest);
    return problems.map(({ path, says }) => ({
      where,
      says: path.length === 0 ? says : `${pathText(path)}: ${says}`,
    }));
  });
}

function problemsOfObject(object: Resource): Problem[] {
  const key = `${object?.apiVersion}/${object?.kind}`;
  const kind = Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
  const schema = kind && schemaOf(key);
  if (!schema) {
    return [
      {
        path: [],
        says: `no schema for ${key}; add its type to tools/lib/schema/kinds.ts and run \`node tools/lib/schema/generate/main.ts\``,
      },
    ];
  }
  return [...problemsOf(schema, object), ...problemsOfPlace(object, kind)];
}

/** What a name may be, by the kind's rule. */
const NAMES: Readonly<Record<NameRule, Schema>> = {
  label: { type: 'string', minLength: 1, maxLength: 63, pattern: DNS_LABEL },
  letterFirst: { type: 'string', minLength: 1, maxLength: 63, pattern: DNS_LABEL_LETTER_FIRST },
  subdomain: { type: 'string', minLength: 1, maxLength: 253, pattern: DNS_SUBDOMAIN },
  pathSegment: { type: 'string', minLength: 1, pattern: PATH_SEGMENT },
};

/** Whether the object has a name that its kind may have, and a namespace if its kind is in one. */
function problemsOfPlace({ kind, metadata }: Resource, { name = 'subdomain', scope }: Kind): Problem[] {
  // Its schema has said what is wrong.
  if (typeof metadata !== 'object' || metadata === null) return [];
  const problems: Problem[] = [];
  const at = (field: string, says: string) => problems.push({ path: ['metadata', field], says });
  if (metadata.name === undefined) at('name', 'missing; it is required');
  else if (typeof metadata.name === 'string' && metadata.name !== '') {
    for (const { says } of problemsOf(NAMES[name], metadata.name)) at('name', says);
  }
  const { namespace } = metadata;
  if (scope === 'namespaced' && namespace === undefined) at('namespace', `missing; a ${kind} is in one`);
  if (scope === 'cluster' && namespace !== undefined) {
    at('namespace', `found ${quoted(namespace)}; a ${kind} is in none, leave it out`);
  }
  return problems;
}

/** The file, the object and the construct that made it. */
function place({ file, object, construct }: Manifest): string {
  return `dist/${file}: ${identity(object ?? {})}${construct === undefined ? '' : ` (${construct})`}`;
}

/** `spec.template.metadata.labels["app.kubernetes.io/name"]`, `spec.rules[0].host`. */
function pathText(path: Problem['path']): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
