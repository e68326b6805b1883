import { isOlder } from '../version.ts';
import { groupKind } from './documents.ts';
import { type Json, type JsonObject, stringAt } from './fields/json.ts';
import type { Bump, ObjectField } from './report.ts';

/** An image's name, and its tag, digest or both. */
export function splitImage(reference: string): { name: string; version: string } {
  const [, name = reference, version = ''] = /^(.*?)((?::[^:/@]+)?(?:@[^@]+)?)$/.exec(reference) ?? [];
  return { name, version: version.replace(/^[:@]/, '') };
}

/**
 * The images and charts that changed in nothing but their version.
 *
 * @param object what holds the fields, after the change
 */
export function bumpsIn(object: JsonObject, folder: string, fields: readonly ObjectField[]): Bump[] {
  return fields.flatMap(({ change, steps, before, after }) => {
    if (change !== 'changed' || typeof before !== 'string' || typeof after !== 'string') return [];
    const bump = (what: Bump['what'], name: string, from: string, to: string): Bump[] => [
      { what, folder, name, before: from, after: to, older: isOlder(to, from) },
    ];
    if (steps.at(-1) === 'image') {
      const [old, next] = [splitImage(before), splitImage(after)];
      const named = old.name === next.name && old.version !== '' && next.version !== '';
      return named ? bump('image', next.name, old.version, next.version) : [];
    }
    const chart = chartAt(object, steps.join('.'));
    return chart === undefined ? [] : bump('chart', chart, before, after);
  });
}

/** The chart whose version stands at a path of an object. */
function chartAt(object: JsonObject, path: string): string | undefined {
  const kind = groupKind(object);
  if (kind === 'helm.toolkit.fluxcd.io/HelmRelease' && path === 'spec.chart.spec.version')
    return stringAt(object, 'spec', 'chart', 'spec', 'chart');
  if (kind === 'source.toolkit.fluxcd.io/OCIRepository' && /^spec\.ref\.(?:tag|semver|digest)$/.test(path))
    return isChartSource(object) ? stringAt(object, 'metadata', 'name') : undefined;
  return undefined;
}

/** Whether an OCI repository holds a Helm chart and not, say, manifests. */
export function isChartSource(object: JsonObject): boolean {
  return (stringAt(object, 'spec', 'layerSelector', 'mediaType') ?? '').includes('helm.chart');
}

/** Whether a value changed in nothing but the version that a bump is about: the image itself, a label, a setting. */
export function follows(bump: Bump, before: Json | undefined, after: Json | undefined): boolean {
  if (typeof before !== 'string' || typeof after !== 'string' || before === after) return false;
  const [oldTag, oldDigest] = bump.before.split('@');
  const [newTag, newDigest] = bump.after.split('@');
  const pairs = [
    [bump.before, bump.after],
    [oldTag, newTag],
    [oldDigest, newDigest],
  ];
  return pairs.some(
    ([old, next]) => old && next && old !== next && replaceWhole(before, old, next) === after,
  );
}

/** Replaces a text where it stands alone: `1.2` is not a part of `1.2.3`. */
function replaceWhole(text: string, find: string, replacement: string): string {
  const escaped = find.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![\\w.+-])${escaped}(?![\\w.+-])`, 'g'), () => replacement);
}
