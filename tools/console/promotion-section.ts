import { html } from 'ghtml';
import { count } from '../lib/count.ts';
import type { Decision } from '../lib/promote/choose.ts';
import { moves, type RingPlan } from '../lib/promote/plan.ts';
import { shortVersion } from '../lib/promote/runs.ts';
import { move } from '../lib/promote/table.ts';
import { EVIDENCE_FILE, type Promotion } from './promotion.ts';

/** What promotion would change, and why not more. HTML. */
export function promotionSection(promotion: Promotion | undefined): string {
  return html`<section aria-labelledby="promotion">
<h2 id="promotion">What promotion would change</h2>
!${said(promotion)}
</section>`;
}

function said(promotion: Promotion | undefined): string {
  if (promotion === undefined)
    return html`<p class="empty">Git’s history is being read: <a href="/">again</a>.</p>`;
  if ('problem' in promotion) return html`<p class="empty">${promotion.problem}</p>`;
  const rows = promotion.rings.flatMap((ring) => ring.decisions.filter(isTold).map((one) => row(one, ring)));
  const quiet = promotion.rings.flatMap(({ decisions }) => decisions).length - rows.length;
  const note = promotion.hasEvidence
    ? ''
    : html`<p class="legend"><span class="plain">No commit statuses lie in ${EVIDENCE_FILE}, so nothing counts as proven here; <code>npm run promote -- --dry-run</code> asks the git host.</span></p>`;
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="Ring by ring">
<table>
<thead><tr><th scope="col">Ring</th><th scope="col">What</th><th scope="col">Version</th><th scope="col">Why</th></tr></thead>
<tbody>!${rows}</tbody>
</table>
</div>`;
  return html`!${rows.length === 0 ? html`<p class="empty">Nothing: no ring lags behind the one before it.</p>` : table}
!${rows.length === 0 || quiet === 0 ? '' : html`<p class="legend"><span class="plain">${count(quiet, 'other')} with nothing newer</span></p>`}
!${note}`;
}

function isTold({ kind, to, left }: Decision): boolean {
  return kind === 'image' || to !== undefined || left.length > 0;
}

function row(decision: Decision, ring: RingPlan): string {
  const { name, from, to, why, left } = decision;
  const isNow = moves(ring, decision);
  const what =
    to === undefined
      ? html`stays ${shortVersion(from)}`
      : html`<b>${move(from, to)}</b>!${isNow ? '' : ' <span class="mark held">waits</span>'}`;
  const closed = to !== undefined && ring.closed !== undefined ? `; the ring is closed: ${ring.closed}` : '';
  const others = left
    .slice(0, 2)
    .map(({ value, why: against }) => html`<span class="left">not ${shortVersion(value)}: ${against}</span>`);
  return html`<tr class="${isNow ? 'moves' : 'stays'}"><td>${ring.ring}</td><th scope="row">${name}</th><td class="version">!${what}</td><td class="why">${why}${closed}!${others}</td></tr>
`;
}
