import { html } from 'ghtml';
import type { Ring } from '../../config/schema.ts';
import type { ClusterView, Fleet, Standing, Station, Track } from './fleet.ts';
import { drawSilhouette } from './graph-svg.ts';
import { clusterPath } from './paths.ts';
import type { Promotion } from './promotion.ts';
import { promotionSection } from './promotion-section.ts';

/**
 * The first page: what is where, what is ahead of what, and what promotion would make of it. HTML.
 *
 * @param promotion `undefined` while it is being found out
 */
export function fleetPage(fleet: Fleet, promotion: Promotion | undefined): string {
  return html`<div class="intro">
<h1>Fleet</h1>
<p class="figures">!${figures(fleet)}</p>
</div>
<section aria-labelledby="releases">
<h2 id="releases">Releases</h2>
<div class="tracks">
!${ringHeads(fleet.rings)}
!${fleet.apps.map((track) => appTrack(track))}
</div>
</section>
<section aria-labelledby="clusters">
<h2 id="clusters">Clusters</h2>
<div class="rings">
!${fleet.rings.map((ring) => ringOfClusters(ring, fleet.clusters))}
!${strangers(fleet)}
</div>
</section>
!${promotionSection(promotion)}
!${fleet.addOns.length === 0 ? '' : addOns(fleet)}
`;
}

function figures({ clusters, apps, addOns, rings }: Fleet): string {
  const objects = clusters.reduce((sum, cluster) => sum + cluster.objects, 0);
  const all: [number, string][] = [
    [clusters.length, 'cluster'],
    [rings.length, 'ring'],
    [apps.length, 'app'],
    [addOns.length, 'add-on'],
    [objects, 'object'],
  ];
  return all
    .map(
      ([number, noun]) =>
        html`<span><b>${number.toLocaleString('en-US')}</b> ${noun}${number === 1 ? '' : 's'}</span>`,
    )
    .join('');
}

function ringHeads(rings: readonly Ring[]): string {
  const heads = rings.map((ring) => html`<li><b>${ring.name}</b><span>${howItMoves(ring)}</span></li>`);
  return html`<ol class="track heads" aria-label="The rings, in order">!${heads}</ol>`;
}

function howItMoves(ring: Ring): string {
  if (ring.promotion === 'automatic') return `takes ${ring.images} by itself`;
  return ring.soakMinutes === 0 ? 'asks for a yes' : `asks for a yes after ${ring.soakMinutes} min`;
}

function appTrack({ name, stations }: Track): string {
  return html`<div class="app"><h3>${name}</h3><ol class="track">!${stations.map((station, index) => appStation(station, stations, index))}</ol></div>
`;
}

function appStation(station: Station, stations: readonly Station[], index: number): string {
  const { ring, version, reference, moves, pin, standing } = station;
  if (version === undefined)
    return html`<li class="none"><span class="ring">${ring}</span><span class="version">–</span></li>`;
  const next = stations.slice(index + 1).find((other) => other.version !== undefined);
  const digest = reference?.split('@')[1];
  const notes = [moves === 'pinned' ? (pin ?? 'pinned') : '', digest ? digest.slice(0, 14) : ''].filter(
    (note) => note !== '',
  );
  return html`<li class="${standing ?? 'last'}">
<span class="ring">${ring}</span>
<span class="version" title="${reference}">${version}</span>
!${notes.map((note) => html`<span class="note">${note}</span>`)}
!${standing && next ? html`<span class="standing">${standingText(standing, next.ring)}</span>` : ''}
</li>`;
}

const STANDINGS: Record<Standing, string> = {
  ahead: 'ahead of',
  same: 'same as',
  behind: 'behind',
  different: 'not the same as',
};

function standingText(standing: Standing, ring: string): string {
  return `${STANDINGS[standing]} ${ring}`;
}

function ringOfClusters(ring: Ring, clusters: readonly ClusterView[]): string {
  const own = clusters.filter((cluster) => cluster.ring === ring.name);
  const cards = own.length === 0 ? html`<p class="empty">no cluster</p>` : own.map(clusterCard);
  return html`<section class="ring-of-clusters" aria-label="${ring.name}"><h3>${ring.name}<span>${ring.domain}</span></h3>!${cards}</section>
`;
}

function strangers({ clusters, rings }: Fleet): string {
  const own = clusters.filter(({ ring }) => !rings.some(({ name }) => name === ring));
  if (own.length === 0) return '';
  return html`<section class="ring-of-clusters" aria-label="not in the config"><h3>not in the config</h3>!${own.map(clusterCard)}</section>`;
}

function clusterCard({ name, region, account, zones, suspend, layers, objects }: ClusterView): string {
  const place = [region, zones && `zones ${zones.join(' ')}`, account].filter((part) => part !== undefined);
  const holds = `${layers.length} Kustomizations · ${objects} objects`;
  const drawing =
    layers.length === 0 ? html`<p class="empty">not compiled yet: npm run synth</p>` : drawSilhouette(layers);
  const apps = layers.filter(({ group }) => group === 'apps');
  return html`<a class="card" href="${clusterPath(name)}">
<strong>${name}</strong>
<span class="place">!${place.map((part) => html`<span>${part}</span>`)}</span>
!${suspend === undefined ? '' : html`<span class="note">suspended: ${suspend}</span>`}
!${drawing}
!${apps.map((app) => html`<span class="runs"><b>${app.name}</b> <span class="version">${app.version ?? ''}</span>!${app.isSuspended ? ' <span class="mark held">suspended</span>' : ''}</span>`)}
<span class="holds">${holds}</span>
</a>
`;
}

function addOns({ addOns, rings }: Fleet): string {
  const rows = addOns.map(
    ({ name, stations }) =>
      html`<tr><th scope="row">${name}</th>!${stations.map((station) => html`<td class="${station.standing ?? 'last'}">${station.version ?? '–'}!${marker(station)}</td>`)}</tr>
`,
  );
  return html`<section aria-labelledby="add-ons">
<h2 id="add-ons">Add-ons</h2>
<div class="scroll" tabindex="0" role="region" aria-label="The add-ons’ versions">
<table>
<thead><tr><th scope="col">Add-on</th>!${rings.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>!${rows}</tbody>
</table>
</div>
</section>`;
}

function marker({ standing }: Station): string {
  if (standing === undefined || standing === 'same') return '';
  return html` <span class="mark">${standing === 'different' ? 'differs' : standing}</span>`;
}
