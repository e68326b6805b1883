import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { loadConfig } from '../../config/load.ts';
import { Repo } from '../e2e/repo.ts';
import { applyImageUpdates } from '../lib/flux/apply-image-updates.ts';
import { EVIDENCE_FILE, type Promotion, PromotionReader } from './promotion.ts';
import { promotionSection } from './promotion-section.ts';

let repo: Repo;
let head: string;

beforeAll(async () => {
  repo = await Repo.create();
  const image = 'ghcr.io/slipway/conduit:0.2.0';
  await applyImageUpdates(repo.root, new Map([['flux-system:conduit-staging', image]]));
  await repo.commit();
  head = (await repo.git('rev-parse', 'HEAD')).trim();
  mkdirSync(join(repo.root, '.slipway'), { recursive: true });
}, 60_000);
afterEach(() => rmSync(join(repo.root, EVIDENCE_FILE), { force: true }));
afterAll(() => repo[Symbol.asyncDispose]());

const HOUR = 3_600_000;
const later = () => Date.now() + 2 * HOUR;

function says(state: string): void {
  const status = {
    commit: head,
    context: 'flux/staging-eu-west-1/conduit',
    state,
    at: new Date().toISOString(),
  };
  writeFileSync(join(repo.root, EVIDENCE_FILE), JSON.stringify([status]));
}

/** As a page asks: again and again, until git's history is read. */
async function read(reader: PromotionReader): Promise<Promotion> {
  const config = await loadConfig(repo.root);
  for (;;) {
    const promotion = await reader.read(config);
    if (promotion !== undefined) return promotion;
  }
}

it('promotes nothing without evidence, and says so', async () => {
  const page = promotionSection(await read(new PromotionReader(repo.root, later)));
  expect(page).toContain('not 0.2.0: no success on staging-eu-west-1 yet');
  expect(page).toContain('No commit statuses lie in .slipway/evidence.json');
});

it('promotes what succeeded and soaked, and says why', async () => {
  says('success');
  const page = promotionSection(await read(new PromotionReader(repo.root, later)));
  expect(page).toMatch(/<td>prod<\/td><th scope="row">conduit<\/th>.*<b>0\.1\.0 → 0\.2\.0<\/b>/);
  expect(page).toMatch(/succeeded in staging on .* UTC, soaked 2 h/);
});

it('reads anew what Flux has said since, and waits for the soak', async () => {
  let now = Date.now();
  const reader = new PromotionReader(repo.root, () => now);
  says('success');
  expect(promotionSection(await read(reader))).not.toContain('<b>0.1.0 → 0.2.0</b>');
  now += 2 * HOUR;
  expect(promotionSection(await read(reader))).toContain('<b>0.1.0 → 0.2.0</b>');
  says('failure');
  expect(promotionSection(await read(reader))).toContain('failed on');
});

it('says what is wrong with evidence that can’t be read', async () => {
  writeFileSync(join(repo.root, EVIDENCE_FILE), '{');
  expect(promotionSection(await read(new PromotionReader(repo.root)))).toContain('is not JSON');
});

it('says that a history is still being read', () => {
  expect(promotionSection(undefined)).toContain('being read');
});
