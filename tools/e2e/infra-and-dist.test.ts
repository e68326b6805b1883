// What the CDK makes and what dist/ relies on are written apart: here they meet, each way.
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { readTemplates, type Template } from '../lib/infra/templates.ts';
import { ROOT } from '../lib/repo.ts';
import { Repo } from './repo.ts';

const CLUSTERS = ['dev-eu-west-1', 'staging-eu-west-1', 'prod-eu-west-1'];

/** Service accounts that charts are told the name of, and that need nothing of AWS. */
const NEED_NO_ROLE = [
  'ingress-nginx/ingress-nginx', // known to the mesh by this name
];

let repo: Repo;
let templates: Map<string, Template>;
const dists = new Map<string, { file: string; text: string; objects: any[] }[]>();

beforeAll(async () => {
  repo = await Repo.create();
  // conduit as it is released, and not the sample's, which has no database; and a ring without external-dns, and one in which it is four services.
  await copyFile(join(ROOT, 'apps/conduit.ts'), join(repo.root, 'apps/conduit.ts'));
  await repo.edit('config/platform.ts', "memory: '192Mi',", "memory: '192Mi', database: { poolSize: 10 },");
  await repo.edit(
    'config/platform.ts',
    "{ name: 'staging', promotion: 'automatic', images: 'releases' }",
    "{ name: 'staging', promotion: 'automatic', images: 'releases', addOns: { 'external-dns': 'off' } }",
  );
  await repo.edit(
    'config/platform.ts',
    'replicas: { min: 3, max: 12 }',
    "replicas: { min: 2, max: 3 }, topology: 'split'",
  );
  for (const command of [['synth'], ['infra:synth', '--no-checks']] as const) {
    const { code, stderr } = await repo.slipway(...(command as [string]));
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  }
  templates = await readTemplates(join(repo.root, 'cdk.out'));
  for (const cluster of CLUSTERS) dists.set(cluster, await readDist(join(repo.root, 'dist', cluster)));
}, 120_000);
afterAll(() => repo[Symbol.asyncDispose]());

async function readDist(folder: string) {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      return { file, text, objects: parseAllDocuments(text).map((document) => document.toJS()) };
    }),
  );
}

const objectsOf = (cluster: string) => dists.get(cluster)?.flatMap(({ objects }) => objects) ?? [];

/** The properties of the resources of a type, in all stacks of a cluster. */
function resources(cluster: string, type: string): any[] {
  return [...templates]
    .filter(([stack]) => stack.startsWith(`${cluster}-`))
    .flatMap(([, { Resources = {} }]) => Object.values(Resources))
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

describe.each(CLUSTERS)('on %s', (cluster) => {
  test('dist/ names exactly the variables that the CDK writes, and its Flux layer none', () => {
    const files = dists.get(cluster) ?? [];
    const used = new Set(
      files.flatMap(({ text }) => [...text.matchAll(/(?<!\$)\$\{(\w+)\}/g)].map(([, key]) => key)),
    );
    const [written] = resources(cluster, 'Custom::AWSCDK-EKS-KubernetesResource')
      .map(({ Manifest }) =>
        typeof Manifest === 'string'
          ? Manifest
          : Manifest['Fn::Join'][1].filter((part: unknown) => typeof part === 'string').join(''),
      )
      .filter((manifest) => manifest.includes('"cluster-vars"'))
      .map((manifest) => Object.keys(JSON.parse(manifest)[0].data));
    expect([...used].sort()).toEqual(written?.sort());
    for (const { file, text } of files.filter(({ file }) => file.startsWith('flux/'))) {
      expect([file, text.includes('${')]).toEqual([file, false]);
    }
  });

  test('every service account that has a role is there, and every one that needs a role has one', () => {
    const associated = resources(cluster, 'AWS::EKS::PodIdentityAssociation').map(
      ({ Namespace, ServiceAccount }) => `${Namespace}/${ServiceAccount}`,
    );
    const expected = [...chartAccounts(cluster), ...databaseAccounts(cluster).map(({ account }) => account)];
    expect(associated.sort()).toEqual(expected.filter((account) => !NEED_NO_ROLE.includes(account)).sort());
  });

  test('every app signs in to the database as the role that IAM and PostgreSQL know', () => {
    const apps = databaseAccounts(cluster);
    expect(apps).toHaveLength(cluster === 'prod-eu-west-1' ? 3 : 1);
    const [{ Apps }] = resources(cluster, 'Custom::DatabaseRoles');
    expect([...new Set(apps.map(({ user }) => user))].sort()).toEqual([...Apps].sort());
    const connect = resources(cluster, 'AWS::IAM::ManagedPolicy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'rds-db:connect')
      .map(({ Resource }) => Resource['Fn::Join'][1].at(-1));
    expect(connect).toEqual(Apps.map((app: string) => `/${app}`));
    for (const { user, database } of apps) expect(database).toBe(user);
  });

  test('every secret that an app asks for is made, with the keys that it reads', () => {
    const made = new Map(
      resources(cluster, 'AWS::SecretsManager::Secret').map(({ Name, GenerateSecretString: made }) => [
        Name,
        [made.GenerateStringKey, ...Object.keys(JSON.parse(made.SecretStringTemplate))],
      ]),
    );
    const asked = objectsOf(cluster)
      .filter(
        ({ kind, metadata }) =>
          kind === 'ExternalSecret' && dists.has(cluster) && isApp(cluster, metadata.namespace),
      )
      .flatMap(({ spec }) => spec.data.map(({ remoteRef }: any) => remoteRef));
    for (const { key, property } of asked) expect(made.get(key)).toContain(property);
    expect([...new Set(asked.map(({ key }) => key))].sort()).toEqual([...made.keys()].sort());
  });

  test('nodes, queue, tags and log groups are called by the names that were chosen', () => {
    const [karpenter] = helmReleases(cluster).filter(({ metadata }) => metadata.name === 'karpenter');
    expect(karpenter.spec.values.settings).toMatchObject({
      clusterName: cluster,
      interruptionQueue: cluster,
    });
    expect(resources(cluster, 'AWS::SQS::Queue').map(({ QueueName }) => QueueName)).toEqual([cluster]);
    const roles = resources(cluster, 'AWS::IAM::Role').map(({ RoleName }) => RoleName);
    for (const { spec } of objectsOf(cluster).filter(({ kind }) => kind === 'EC2NodeClass')) {
      expect(roles).toContain(spec.role);
      expect(JSON.stringify([spec.subnetSelectorTerms, spec.securityGroupSelectorTerms])).toContain(
        `"karpenter.sh/discovery":"${cluster}"`,
      );
    }
    const groups = resources(cluster, 'AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName);
    const text = (dists.get(cluster) ?? []).map((file) => file.text).join('\n');
    const written = new Set(
      [...text.matchAll(new RegExp(`/slipway/${cluster}/[\\w-]+`, 'g'))].map(([group]) => group),
    );
    expect(written.size).toBeGreaterThan(0);
    for (const group of written) expect(groups).toContain(group);
  });
});

const helmReleases = (cluster: string) => objectsOf(cluster).filter(({ kind }) => kind === 'HelmRelease');

const isApp = (cluster: string, namespace: string) =>
  dists.get(cluster)?.some(({ file }) => file.startsWith(`apps/${namespace}/`));

/** Service accounts of AWS's own kind of charts: those that a HelmRelease is told to make, by name. */
function chartAccounts(cluster: string): string[] {
  return helmReleases(cluster).flatMap(({ metadata, spec }) => {
    const name = spec.values?.serviceAccount?.name;
    return typeof name === 'string' ? [`${spec.targetNamespace ?? metadata.namespace}/${name}`] : [];
  });
}

/** Who signs in to the database by a role of AWS, and as whom. */
function databaseAccounts(cluster: string): { account: string; user: string; database: string }[] {
  return objectsOf(cluster)
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap(({ metadata, spec }) => {
      const { containers, serviceAccountName } = spec.template.spec;
      const env = new Map<string, string>(containers[0].env?.map(({ name, value }: any) => [name, value]));
      if (env.get('DATABASE_SIGN_IN') !== 'iam') return [];
      return [
        {
          account: `${metadata.namespace}/${serviceAccountName}`,
          user: env.get('PGUSER') ?? '',
          database: env.get('PGDATABASE') ?? '',
        },
      ];
    });
}
