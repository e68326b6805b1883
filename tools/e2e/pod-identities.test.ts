// The service accounts that have a role in AWS are those that our manifests run, by the same namespace and name; and nothing
// signs in to AWS in another way.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { chartFiles } from '../../apps/main.ts';
import type { Config } from '../../config/load.ts';
import { appIdentities, POD_IDENTITIES, podIdentities } from '../../config/pod-identities.ts';
import type { Cluster } from '../../config/schema.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { helmCharts } from '../lib/chart-keys/helm-charts.ts';
import { CHARTS } from '../lib/chart-workloads/charts.ts';
import type { Manifest } from '../lib/dist/manifests.ts';
import { at, text } from '../lib/policy/read.ts';
import { compileFiles } from '../lib/synth/compile.ts';

let config: Config;
let manifests: readonly Manifest[];

beforeAll(async () => {
  config = withDatabase(sampleConfig());
  manifests = compileFiles(await chartFiles(config)).manifests;
});

/** The sample, with the app of the repo in the place of its own: that one has no database. */
function withDatabase({ platform, ...others }: Config): Config {
  const { conduit } = platform.apps;
  if (conduit === undefined) throw new Error('the sample has no conduit');
  const settings = { ...conduit.settings, topology: 'single-to-split' as const, database: { poolSize: 10 } };
  return { ...others, platform: { ...platform, apps: { conduit: { ...conduit, settings } } } };
}

const clusters = () => config.platform.clusters;
const own = ({ name }: Cluster) => manifests.filter(({ cluster }) => cluster === name);

/** `<role>: <namespace>/<service account>`, of those that a HelmRelease brings. */
function fromCharts(cluster: Cluster): string[] {
  return helmCharts(own(cluster)).flatMap(({ chart, values, manifest }) =>
    Object.entries(CHARTS[chart]?.identities ?? {}).map(
      ([identity, path]) =>
        `${identity}: ${manifest.object.metadata?.namespace}/${text(at(values, ...path.split('.')))}`,
    ),
  );
}

describe('who may speak to AWS', () => {
  test('is each service account of a chart that needs it, by the namespace and name that its values have', () => {
    for (const cluster of clusters()) {
      const wanted = podIdentities(config.platform, cluster)
        .filter(({ name }) => POD_IDENTITIES[name].source === 'add-on')
        .map(({ name, namespace, serviceAccount }) => `${name}: ${namespace}/${serviceAccount}`);
      expect(wanted.length).toBeGreaterThan(0);
      expect(fromCharts(cluster).sort()).toEqual(wanted.sort());
    }
  });

  test('is each service account of an app that works on the database, and no other of an app', () => {
    for (const cluster of clusters()) {
      const wanted = appIdentities(config.platform, cluster).flatMap(({ app, serviceAccounts }) =>
        serviceAccounts.map((name) => `${app}/${name}`),
      );
      const found = own(cluster)
        .filter(({ object }) => object.kind === 'Deployment' && cluster.apps.includes(namespaceOf(object)))
        .filter(({ object }) => JSON.stringify(object).includes('"DATABASE_SIGN_IN"'))
        .map(({ object }) => {
          const account = at(object.spec, 'template', 'spec', 'serviceAccountName');
          return `${namespaceOf(object)}/${text(account)}`;
        });
      expect(found).not.toEqual([]);
      expect(found.sort()).toEqual(wanted.sort());
    }
  });

  test('has no key, no file of keys and no role by an annotation', () => {
    const words = [
      /AKIA[0-9A-Z]{16}/,
      /aws_secret_access_key|AWS_SECRET_ACCESS_KEY|AWS_ACCESS_KEY_ID|secretAccessKeySecretRef/,
      /AWS_SHARED_CREDENTIALS_FILE|AWS_PROFILE/,
      /eks\.amazonaws\.com\/role-arn/,
    ];
    for (const { file, object } of manifests) {
      const content = JSON.stringify(object);
      for (const word of words) expect([file, word.exec(content)?.[0]]).toEqual([file, undefined]);
    }
  });
});

function namespaceOf({ metadata }: Manifest['object']): string {
  return metadata?.namespace ?? '';
}
