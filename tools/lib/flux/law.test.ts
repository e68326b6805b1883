import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chartFiles } from '../../../apps/main.ts';
import type { Config } from '../../../config/load.ts';
import type { Topology } from '../../../config/schema.ts';
import { sampleConfig } from '../../../config/testing/sample.ts';
import { compileFiles } from '../synth/compile.ts';
import { unstable } from '../yaml/stability.ts';
import { setLine } from './apply-image-updates.ts';

const POLICY = 'flux-system:conduit-dev';

/** Of the sample the cluster in dev alone, its conduit laid out like this. */
function config(topology: Topology): Config {
  const sample = sampleConfig();
  const { conduit } = sample.platform.apps;
  if (conduit === undefined) throw new Error('the sample has no conduit');
  const settings = { ...conduit.settings, topology };
  const clusters = sample.platform.clusters.filter(({ ring }) => ring === 'dev');
  return {
    ...sample,
    platform: { ...sample.platform, clusters, apps: { conduit: { ...conduit, settings } } },
  };
}

/** The same with another image in dev, as `apps/images.yaml` has it after Flux has set it. */
function withImage({ images, ...rest }: Config, reference: string): Config {
  return { ...rest, images: { ...images, dev: { conduit: { reference, policy: POLICY } } } };
}

async function synth(config: Config): Promise<Map<string, string>> {
  return compileFiles(await chartFiles(config)).files;
}

/** `dist/` after Flux has set the image in it. */
function flux(files: ReadonlyMap<string, string>, reference: string): Map<string, string> {
  const updates = new Map([[POLICY, reference]]);
  const set = (text: string) =>
    text
      .split('\n')
      .map((line) => setLine(line, updates))
      .join('\n');
  return new Map([...files].map(([path, text]) => [path, set(text)]));
}

const name = fc.stringMatching(/^[a-z0-9]{1,9}(-[a-z0-9]{1,9})?$/);
const tag = fc.oneof(
  fc.stringMatching(/^[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3}(-rc\.[0-9])?)?$/),
  fc.constantFrom('1e3', '0x10', 'null'),
);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `@sha256:${hex}`);
/** A policy chooses among the tags of one repository, and never another. */
const repository = fc
  .tuple(
    fc.constantFrom('ghcr.io', 'localhost:5000', '111111111111.dkr.ecr.eu-west-1.amazonaws.com'),
    name,
    name,
  )
  .map((parts) => parts.join('/'));
const version = fc.tuple(tag, fc.option(digest)).map(([tag, digest]) => `:${tag}${digest ?? ''}`);

describe.each<Topology>(['single', 'split', 'single-to-split', 'split-to-single'])(
  'with conduit %s',
  (topology) => {
    test('a compile of what Flux has edited is what Flux makes of a compile', async () => {
      const sample = config(topology);
      const at = (reference: string) => synth(withImage(sample, reference));
      await fc.assert(
        fc.asyncProperty(repository, version, version, async (repository, old, next) => {
          expect(flux(await at(repository + old), repository + next)).toEqual(await at(repository + next));
        }),
        { numRuns: 10 },
      );
    });

    test('every file that holds an image, also that of a release, is left as it is when Flux writes it back', async () => {
      const files = [...(await synth(config(topology)))].filter(([, text]) => text.includes('$imagepolicy'));
      expect(files.map(([path]) => path)).toEqual(
        expect.arrayContaining([expect.stringMatching(/-release\.yaml$/)]),
      );
      for (const [path, text] of files) expect([path, unstable(text)]).toEqual([path, []]);
    });
  },
);
