import { html } from 'ghtml';
import type { ClusterView, Layer, ObjectView } from './fleet.ts';
import type { GraphLayout } from './graph-layout.ts';
import { drawGraph, layoutLayers } from './graph-svg.ts';
import { objectPath } from './paths.ts';

/** The width of the page's content in a window of 1280 pixels, with room for a scroll bar. */
const CONTENT = 1212;

/** A cluster's page: the graph of its Kustomizations, then what each holds. HTML. */
export function clusterPage(cluster: ClusterView): string {
  const { name, layers, root } = cluster;
  return html`<nav class="crumbs" aria-label="Where you are"><a href="/">Fleet</a></nav>
<div class="intro">
<h1>${name}</h1>
<p class="figures">!${facts(cluster).map((fact) => html`<span>!${fact}</span>`)}</p>
</div>
!${layers.length === 0 ? html`<p class="empty">Nothing is compiled for this cluster yet: npm run synth</p>` : graphSection(cluster)}
!${layers.map((layer) => layerSection(name, layer, layers))}
!${root.length === 0 ? '' : rootSection(name, root)}
`;
}

function facts({ ring, region, account, zones, suspend, layers, objects }: ClusterView): string[] {
  return [
    ...(suspend === undefined ? [] : [html`suspended: <b>${suspend}</b>`]),
    ...(ring === undefined ? ['not in the config'] : [html`ring <b>${ring}</b>`]),
    ...(region === undefined ? [] : [html`<b>${region}</b> ${(zones ?? []).join(' ')}`]),
    ...(account === undefined ? [] : [html`account <b>${account}</b>`]),
    html`<b>${layers.length}</b> Kustomizations`,
    html`<b>${objects}</b> objects`,
  ];
}

function graphSection({ name, layers }: ClusterView): string {
  const graph = layoutLayers(layers, CONTENT);
  return html`<section aria-labelledby="graph">
<h2 id="graph">What waits for what</h2>
!${warnings(graph)}
<div class="scroll drawing" tabindex="0" role="region" aria-label="The graph">
!${drawGraph(name, layers, graph)}
</div>
<p class="legend"><span class="platform">platform</span><span class="apps">apps</span><span class="line">must be ready before</span><span class="plain">what follows from other lines has none of its own</span></p>
</section>
`;
}

function warnings({ cycle, missing }: GraphLayout): string[] {
  return [
    ...(cycle.length === 0
      ? []
      : [html`<p class="warning" role="alert">These wait for each other for ever: ${cycle.join(' → ')}</p>`]),
    ...missing.map(
      ({ name, neededBy }) =>
        html`<p class="warning" role="alert">${neededBy} waits for ${name}, which does not exist.</p>`,
    ),
  ];
}

function layerSection(cluster: string, layer: Layer, all: readonly Layer[]): string {
  const { name, group, path, dependsOn, version, isSuspended, objects } = layer;
  const followers = all.filter((other) => other.dependsOn.includes(name)).map((other) => other.name);
  const heading = version === undefined ? '' : html` <span class="version">${version}</span>`;
  const held = isSuspended ? html` <span class="mark held">suspended</span>` : '';
  return html`<section class="layer ${group}" id="${name}" tabindex="-1" aria-label="${name}">
<h3>${name}!${heading}!${held}</h3>
<dl>
<div><dt>folder</dt><dd><code>${path}</code></dd></div>
!${dependsOn.length === 0 ? '' : html`<div><dt>waits for</dt><dd>!${links(dependsOn)}</dd></div>`}
!${followers.length === 0 ? '' : html`<div><dt>needed by</dt><dd>!${links(followers)}</dd></div>`}
</dl>
!${objectTable(cluster, name, objects)}
</section>
`;
}

function links(names: readonly string[]): string {
  return names.map((name) => html`<a href="#${encodeURIComponent(name)}">${name}</a>`).join(' ');
}

function rootSection(cluster: string, root: readonly ObjectView[]): string {
  return html`<section class="layer" id="root-sync" tabindex="-1" aria-label="root sync">
<h3>root sync</h3>
<dl><div><dt>folder</dt><dd><code>dist/${cluster}/flux</code></dd></div><div><dt>holds</dt><dd>what Flux itself works with: sources, Kustomizations, image automation</dd></div></dl>
!${objectTable(cluster, 'root sync', root)}
</section>`;
}

function objectTable(cluster: string, layer: string, objects: readonly ObjectView[]): string {
  if (objects.length === 0) return html`<p class="empty">no objects</p>`;
  const rows = objects.map(
    (object) =>
      html`<tr><td>${object.kind}</td><th scope="row"><a href="${objectPath(cluster, object)}">${object.name}</a></th><td>${object.namespace ?? ''}</td><td class="file">${object.file.slice(object.file.lastIndexOf('/') + 1)}</td></tr>
`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The objects of ${layer}">
<table>
<thead><tr><th scope="col">Kind</th><th scope="col">Name</th><th scope="col">Namespace</th><th scope="col">File</th></tr></thead>
<tbody>!${rows}</tbody>
</table>
</div>`;
}
