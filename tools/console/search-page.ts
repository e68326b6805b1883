import { html } from 'ghtml';
import { count } from '../lib/count.ts';
import type { Fleet, ObjectView } from './fleet.ts';
import { intro } from './page.ts';
import { objectPath } from './paths.ts';

/** An object, and the clusters that have it. */
export interface Found extends Pick<ObjectView, 'kind' | 'namespace' | 'name'> {
  readonly clusters: readonly string[];
}

/** More are counted and not shown. */
const MOST = 200;

/**
 * Finds objects by the words of a search: each must stand in its kind, name, namespace or cluster. What is called like a word
 * comes first, then what only begins so.
 */
export function searchObjects({ clusters }: Fleet, query: string): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits = clusters.flatMap((cluster) =>
    [...cluster.layers.flatMap(({ objects }) => objects), ...cluster.root].flatMap((object) => {
      const text = [object.kind, object.name, object.namespace ?? '', cluster.name].join(' ').toLowerCase();
      return words.every((word) => text.includes(word)) ? [{ ...object, cluster: cluster.name }] : [];
    }),
  );
  const same = Map.groupBy(hits, ({ kind, namespace, name }) => JSON.stringify([kind, namespace, name]));
  const found = [...same.values()].map((all): Found => {
    const { kind, namespace, name } = all[0] as ObjectView;
    const clusters = [...new Set(all.map(({ cluster }) => cluster))];
    return { kind, name, clusters, ...(namespace !== undefined && { namespace }) };
  });
  return found.sort((a, b) => rank(a, words) - rank(b, words));
}

function rank({ kind, name }: Found, words: readonly string[]): number {
  const called = [kind, name].map((text) => text.toLowerCase());
  if (words.some((word) => called.includes(word))) return 0;
  return words.some((word) => called.some((text) => text.startsWith(word))) ? 1 : 2;
}

/** What a search found. HTML. */
export function searchPage(fleet: Fleet, query: string): string {
  const found = searchObjects(fleet, query);
  if (query.trim() === '') {
    return html`!${intro('Find an object')}
<p class="empty">By name, kind, namespace or cluster: <code>deployment conduit prod</code></p>`;
  }
  const rows = found.slice(0, MOST).map(
    (object) =>
      html`<tr><td>${object.kind}</td><th scope="row">${object.name}</th><td>${object.namespace ?? ''}</td><td>!${linksTo(object)}</td></tr>
`,
  );
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="Objects found">
<table>
<thead><tr><th scope="col">Kind</th><th scope="col">Name</th><th scope="col">Namespace</th><th scope="col">On</th></tr></thead>
<tbody>!${rows}</tbody>
</table>
</div>`;
  return html`!${intro(`“${query}”`, [html`<b>${count(found.length, 'object')}</b>`])}
<h2>Objects</h2>
!${found.length === 0 ? html`<p class="empty">Nothing has all of these words in its kind, name, namespace or cluster.</p>` : table}
!${found.length > MOST ? html`<p class="empty">and ${found.length - MOST} more: add a word</p>` : ''}`;
}

function linksTo(object: Found): string[] {
  return object.clusters.map(
    (cluster) => html`<a class="on" href="${objectPath(cluster, object)}">${cluster}</a> `,
  );
}
