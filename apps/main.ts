// For each cluster: its Flux layer, then its platform, then its apps.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Chart } from 'cdk8s';
import { AppNamespace } from '../charts/app-namespace.ts';
import { AppQuota } from '../charts/app-quota.ts';
import { canaryLength } from '../charts/canary-length.ts';
import type { Resource } from '../charts/custom-resource.ts';
import { importDefault } from '../config/checks/import-default.ts';
import { ConfigError, type Mistake } from '../config/errors.ts';
import type { Config } from '../config/load.ts';
import { suspension } from '../config/per-ring.ts';
import type { Cluster } from '../config/schema.ts';
import { FLAGGER_METRICS } from '../flux/add-ons/flagger-metrics.ts';
import { SECRET_STORES } from '../flux/add-ons/secret-stores.ts';
import { ExternalSecret } from '../flux/external-secret.ts';
import { Kustomization } from '../flux/kustomization.ts';
import { FLUX_NAMESPACE } from '../flux/names.ts';
import { type FileForKustomize, type MarkedDocument, releaseFiles } from '../flux/release-files.ts';
import { clusterAddOns } from './add-ons/cluster-add-ons.ts';
import type { App } from './app.ts';
import { appContext } from './app-context.ts';
import { automatesImages, imageAutomation } from './image-automation.ts';

/** One file of `dist/`: compiled by itself, so that the cost of a compile grows with the files and no faster. */
export interface ChartFile {
  /** Where it stands in `dist/`: `dev-eu-west-1/apps/conduit/conduit.yaml`. */
  path: string;
  /** The source that makes it, from the repo's root. */
  source: string;
  /** The namespace of the objects that name none. */
  namespace: string;
  /** Puts the objects into a chart. */
  build(chart: Chart): void;
  /** Makes the files in its folder that Flux does not apply, from the objects. @default none */
  beside?(objects: readonly MarkedDocument<Resource>[]): FileForKustomize[];
}

const ROOT = join(import.meta.dirname, '..');

/**
 * Every file of `dist/`.
 *
 * @param config the checked config
 * @param folder where the files of the apps are, from the repo's root
 * @throws ConfigError when a cluster names an app that has no file there, or one that can't be run
 */
export async function chartFiles(config: Config, folder = 'apps'): Promise<ChartFile[]> {
  const apps = await loadApps(config, folder);
  return config.platform.clusters.flatMap((cluster) => clusterFiles(config, apps, cluster));
}

function clusterFiles(config: Config, apps: Map<string, App>, cluster: Cluster): ChartFile[] {
  const addOns = clusterAddOns(config, cluster);
  const folder = (layer: string, name: string) => `${cluster.name}/${layer}/${name}`;
  const fluxFile = (name: string, source: string, build: ChartFile['build']): ChartFile => ({
    path: `${folder('flux', name)}.yaml`,
    source,
    namespace: FLUX_NAMESPACE,
    build,
  });

  const files = [
    fluxFile('sources', 'flux/add-ons', (chart) => {
      for (const addOn of addOns) addOn.sources?.(chart);
    }),
    fluxFile('kustomizations', 'apps/main.ts', (chart) => {
      for (const { name, dependsOn, startMinutes, health = [] } of addOns) {
        new Kustomization(chart, name, {
          path: `./dist/${folder('platform', name)}`,
          dependsOn,
          startMinutes,
          health,
          suspend: cluster.suspend !== undefined,
        });
      }
      for (const app of cluster.apps) {
        const { release } = appContext(config, cluster, app).settings;
        new Kustomization(chart, app, {
          path: `./dist/${folder('apps', app)}`,
          // Canaries are judged by these templates, and pods don't start without their secrets.
          dependsOn: [FLAGGER_METRICS, SECRET_STORES],
          canarySeconds: release.strategy === 'rolling' ? undefined : canaryLength(release),
          suspend: suspension(config.platform, cluster, app) !== undefined,
        });
      }
    }),
    ...addOns.map((addOn) => ({
      path: `${folder('platform', addOn.name)}/${addOn.name}.yaml`,
      source: `flux/add-ons/${addOn.name}.ts`,
      namespace: addOn.namespace,
      build: (chart: Chart) => addOn.objects(chart),
    })),
    ...cluster.apps.map((name) =>
      appFile(config, apps, cluster, name, `${folder('apps', name)}/${name}.yaml`),
    ),
  ];
  if (automatesImages(config.platform, cluster)) {
    files.push(fluxFile('image-automation', 'apps/main.ts', (chart) => imageAutomation(chart, config)));
  }
  return files;
}

function appFile(
  config: Config,
  apps: Map<string, App>,
  cluster: Cluster,
  name: string,
  path: string,
): ChartFile {
  return {
    path,
    source: `apps/${name}.ts`,
    namespace: name,
    build(chart) {
      new AppNamespace(chart, 'namespace', { name });
      const context = appContext(config, cluster, name);
      const { pullSecret, secretStore } = context.platform;
      if (pullSecret !== undefined) {
        new ExternalSecret(chart, pullSecret, {
          store: secretStore,
          remoteKey: `${cluster.name}/platform/registry`,
          type: 'kubernetes.io/dockerconfigjson',
        });
      }
      apps.get(name)?.(chart, context);
      new AppQuota(chart, 'quota', { namespace: name, of: chart });
    },
    beside: (objects) => releaseFiles(`${name}.yaml`, objects),
  };
}

/** Each app that a cluster names, by its file. */
async function loadApps({ platform }: Config, folder: string): Promise<Map<string, App>> {
  const names = [...new Set(platform.clusters.flatMap((cluster) => cluster.apps))];
  const mistakes: Mistake[] = [];
  const apps = new Map<string, App>();
  for (const name of names) {
    const { app, mistake } = await loadApp(name, `${folder}/${name}.ts`);
    if (app) apps.set(name, app);
    if (mistake) mistakes.push(mistake);
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return apps;
}

async function loadApp(name: string, file: string): Promise<{ app?: App; mistake?: Mistake }> {
  if (!existsSync(join(ROOT, file))) {
    const says = `found no file ${file}; it must export a function that puts the app's objects into a chart`;
    return { mistake: { file: 'config/platform.ts', path: `apps.${name}`, says } };
  }
  const { value, mistake } = await importDefault(ROOT, file);
  if (mistake) {
    return { mistake: { ...mistake, says: `${mistake.says}; \`npm run check\` may say more` } };
  }
  if (typeof value === 'function') return { app: value as App };
  const says =
    "has no default export that is a function; it must put the app's objects into a chart, as apps/conduit.ts does";
  return { mistake: { file, path: '', says } };
}
