import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Config } from '../../config/load.ts';
import { LocalRepo } from '../testing/local-start.ts';
import { nextImage, rehearseRelease } from './rehearsal.ts';

const DIGEST = `@sha256:${'a'.repeat(64)}`;
const FILE = 'dist/dev-eu-west-1/apps/conduit/conduit.yaml';

let repo: LocalRepo;
const { signal } = new AbortController();

beforeAll(async () => {
  repo = await LocalRepo.make();
});

afterEach(() => repo.reset());

afterAll(() => repo.remove());

/** As much of the config as a rehearsal looks at. */
function withImages(images: Config['images']): Config {
  return { images } as Config;
}

const automated = withImages({
  dev: { conduit: { reference: 'ghcr.io/slipway/conduit:0.2.0-rc.3', policy: 'flux-system:conduit-dev' } },
  prod: { conduit: { reference: 'ghcr.io/slipway/conduit:0.1.0', policy: undefined } },
});

it.each([
  {
    from: 'ghcr.io/slipway/conduit:0.2.0-rc.9',
    to: /^ghcr\.io\/slipway\/conduit:0\.2\.0-rc\.10@sha256:[0-9a-f]{64}$/,
  },
  {
    from: `ghcr.io/slipway/conduit:1.4.0${DIGEST}`,
    to: /^ghcr\.io\/slipway\/conduit:1\.4\.1@sha256:(?!a{64})/,
  },
  { from: 'localhost:5000/conduit:2.0.0', to: /^localhost:5000\/conduit:2\.0\.1@/ },
])('after $from comes another image', ({ from, to }) => expect(nextImage(from)).toMatch(to));

it('sets each automated image and finds that a compile changes nothing', async () => {
  const before = readFileSync(join(repo.root, FILE), 'utf8');
  const { images, lines, files } = await rehearseRelease(repo.root, automated, signal);
  expect(images).toBe(1);
  expect(lines).toBeGreaterThan(1);
  expect(files).toBeGreaterThan(3);
  expect(readFileSync(join(repo.root, FILE), 'utf8')).toBe(before);
});

it('names the files that a compile changes after image automation', async () => {
  repo.edit(FILE, 'kind: Deployment', 'kind: Deployment # not from a compile');
  await expect(rehearseRelease(repo.root, automated, signal)).rejects.toThrow(
    `a compile after image automation changed what it had committed:\n  ${FILE}`,
  );
});

it('names the policy whose image stands nowhere', async () => {
  const unknown = withImages({
    dev: { search: { reference: 'ghcr.io/slipway/search:1.0.0', policy: 'flux-system:search-dev' } },
  });
  await expect(rehearseRelease(repo.root, unknown, signal)).rejects.toThrow(
    'image automation found no line of flux-system:search-dev in apps/images.yaml',
  );
});

it('says what the compile says when it fails', async () => {
  repo.edit('config/clusters.ts', "region: 'eu-west-1'", "region: 'eu-west-9'");
  await expect(rehearseRelease(repo.root, automated, signal)).rejects.toThrow(
    /compile after image automation failed:\n.*eu-west-9/,
  );
});
