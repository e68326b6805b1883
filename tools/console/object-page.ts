import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { html } from 'ghtml';
import { parseAllDocuments } from 'yaml';
import type { Resource } from '../../charts/custom-resource.ts';
import { identity, type Manifest } from '../lib/dist/manifests.ts';
import { crumbs, intro } from './page.ts';
import { canaryPath, clusterPath, NO_NAMESPACE } from './paths.ts';
import { yamlHtml } from './yaml-html.ts';

/** Which object is asked for. */
export interface ObjectAddress {
  readonly cluster: string;
  readonly kind: string;
  /** {@link NO_NAMESPACE} for none. */
  readonly namespace: string;
  readonly name: string;
}

/** The objects of an address: more than one where groups share a kind's name. */
export function findObjects(manifests: readonly Manifest[], address: ObjectAddress): Manifest[] {
  const { cluster, kind, namespace, name } = address;
  return manifests.filter(
    ({ cluster: own, object: { kind: ownKind, metadata } }) =>
      own === cluster &&
      ownKind === kind &&
      metadata?.name === name &&
      (metadata?.namespace ?? NO_NAMESPACE) === namespace,
  );
}

/**
 * The YAML of an object as its file has it, with comments.
 *
 * @param dist the folder `dist/`
 * @param manifest one that was read from there
 */
export async function yamlOf(dist: string, { file, object }: Manifest): Promise<string> {
  const text = await readFile(join(dist, file), 'utf8');
  const wanted = `${object.apiVersion} ${identity(object)}`;
  const document = parseAllDocuments(text).find((one) => {
    const other = one.toJS() as Resource | null;
    return other !== null && `${other.apiVersion} ${identity(other)}` === wanted;
  });
  return document === undefined ? '' : text.slice(document.range[0], document.range[2]).replace(/^\n+/, '');
}

/** An object's page: where it stands, and its YAML. HTML. */
export async function objectPage(
  dist: string,
  { cluster, kind, namespace, name }: ObjectAddress,
  found: readonly Manifest[],
): Promise<string> {
  const blocks = await Promise.all(
    found.map(async (manifest) => yamlBlock(manifest, await yamlOf(dist, manifest))),
  );
  const facts = [
    html`<b>${kind}</b>`,
    ...(namespace === NO_NAMESPACE ? [] : [html`namespace <b>${namespace}</b>`]),
    html`on <b>${cluster}</b>`,
  ];
  const odds =
    kind === 'Canary'
      ? html`<p><a href="${canaryPath(cluster, namespace, name)}">What this canary stops, and what it lets through</a></p>`
      : '';
  return html`!${crumbs(['/', 'Fleet'], [clusterPath(cluster), cluster])}
!${intro(name, facts)}
!${odds}
!${blocks}`;
}

/** The YAML of an object with the file that it stands in. HTML. */
export function yamlBlock({ file, object }: Manifest, text: string): string {
  const label = `${object.kind} ${object.metadata?.name}`;
  return html`<section aria-label="${label}">
<h2><code>dist/${file}</code></h2>
<div class="scroll" tabindex="0" role="region" aria-label="The YAML of ${label}"><pre class="yaml">!${yamlHtml(text)}</pre></div>
</section>
`;
}
