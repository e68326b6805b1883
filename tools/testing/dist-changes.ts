// Changes of production's `dist/` in the sample platform, for tests of what may follow on what.
import { chartFiles } from '../../apps/main.ts';
import type { AppSettings } from '../../config/schema.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { manifests } from '../lib/dist/manifests.ts';
import { releaseSteps } from '../lib/release-steps/release-steps.ts';
import { compileFiles } from '../lib/synth/compile.ts';
import { type Arrival, arrive, type State } from './cluster-model.ts';

/** The files of `dist/`: path to text. */
export type Files = ReadonlyMap<string, string>;

/** The cluster that is changed, the host at which its users reach the app, and the app's folder. */
export const CLUSTER = 'prod-eu-west-1';
export const HOST = 'conduit.slipway.example';
export const APP = `${CLUSTER}/apps/conduit/`;

/**
 * What `dist/` holds when production runs conduit like this.
 *
 * @param settings what differs there from the sample; `absent` when it doesn't run it
 * @param folder where the app's file is
 */
export async function compiledWith(
  settings: Partial<AppSettings> | 'absent',
  folder = 'apps/testing',
): Promise<Files> {
  const config = sampleConfig();
  const { platform } = config;
  const { conduit } = platform.apps;
  if (conduit === undefined) throw new Error('the sample has no conduit');
  const apps = settings === 'absent' ? [] : ['conduit'];
  const prod = { ...conduit.rings.prod, ...(settings !== 'absent' && settings) };
  const changed = {
    ...platform,
    clusters: platform.clusters.map((cluster) => (cluster.name === CLUSTER ? { ...cluster, apps } : cluster)),
    apps: { ...platform.apps, conduit: { ...conduit, rings: { ...conduit.rings, prod } } },
  };
  return compileFiles(await chartFiles({ ...config, platform: changed }, folder)).files;
}

/**
 * What is found in the change from one `dist/` to another, a line for each.
 *
 * @param ringsGone the rings that go with it
 */
export function found(before: Files, after: Files, ringsGone: readonly string[] = []): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const differs = paths.filter((path) => before.get(path) !== after.get(path));
  const dists = {
    changed: differs.map((path) => ({ path, before: before.get(path), after: after.get(path) })),
    unchanged: new Map([...after].filter(([path]) => !differs.includes(path))),
  };
  const findings = releaseSteps(dists, ringsGone);
  return findings.map(({ where, says }) => `${where}: ${says}`);
}

/**
 * What happens in the model when a `dist/` arrives in the cluster.
 *
 * @param watched whether its users must be served throughout
 * @param orders in how many orders of steps @default every one
 */
export function arrival(from: State, files: Files, watched: boolean, orders?: number): Arrival {
  const apps = new Map([...files].filter(([path]) => path.startsWith(`${CLUSTER}/apps/`)));
  const objects = manifests(apps).map(({ object }) => object);
  return arrive(from, objects, watched ? HOST : undefined, orders);
}
