import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Chart } from 'cdk8s';
import { chartFiles } from '../../apps/main.ts';
import { servicePlatform } from '../../apps/service-platform.ts';
import { AppNamespace } from '../../charts/app-namespace.ts';
import { WebService, type WebServiceProps } from '../../charts/web-service.ts';
import type { Config } from '../../config/load.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { judge, line } from '../lib/check/judge.ts';
import { compileFiles } from '../lib/synth/compile.ts';
import { Repo } from './repo.ts';

const CLUSTER = 'dev-eu-west-1';
const NAME = 'conduit';

/** What `npm run synth` would find in a cluster whose one app holds these services. */
async function findings(services: Record<string, Partial<WebServiceProps>>): Promise<string[]> {
  const config = sampleConfig();
  const files = await chartFiles(config, 'apps/testing');
  const app = files.find(({ path }) => path === `${CLUSTER}/apps/${NAME}/${NAME}.yaml`);
  if (app === undefined) throw new Error('the sample has lost its app');
  app.build = (chart) => build(chart, config, services);
  return judge(config, compileFiles(files)).map(line);
}

function build(chart: Chart, config: Config, services: Record<string, Partial<WebServiceProps>>): void {
  const cluster = config.platform.clusters.find(({ name }) => name === CLUSTER);
  const image = config.images.dev?.[NAME];
  if (cluster === undefined || image === undefined) throw new Error('the sample has lost its cluster');
  new AppNamespace(chart, 'namespace', { name: NAME });
  for (const [name, props] of Object.entries(services)) {
    const host = props.public === false ? {} : { host: `${name}.dev.slipway.example` };
    new WebService(chart, name, {
      image,
      platform: servicePlatform(cluster, config.platform),
      ...host,
      ...props,
    } as WebServiceProps);
  }
}

describe('schemas and policies take a web service', () => {
  test.each<[string, Partial<WebServiceProps>]>([
    ['with nothing but its defaults', {}],
    [
      'released by weights of its own, with gates',
      {
        release: {
          strategy: 'canary',
          weights: [1, 10, 50, 100],
          intervalSeconds: 30,
          windowSeconds: 20,
          promotionStep: 10,
          loadTest: false,
          gates: { rollout: 'manual', promotion: { url: 'https://approvals.dev.slipway.example/promote' } },
        },
      },
    ],
    [
      'released blue/green, with a preview',
      {
        release: {
          strategy: 'blueGreen',
          preview: { host: 'preview.dev.slipway.example', allowFrom: ['192.0.2.0/24'] },
          gates: { promotion: 'manual' },
        },
      },
    ],
    ['that rolls', { release: { strategy: 'rolling' } }],
    ['that users do not reach', { public: false, callers: [{ name: 'web', namespace: 'web' }] }],
    [
      'with all that one can have',
      {
        paths: ['/api/users', '/api/profiles'],
        callers: [{ namespace: 'reports', labels: { job: 'nightly' }, serviceAccount: 'nightly' }],
        calls: [{ name: 'prices', namespace: 'prices' }],
        egress: [{ cidr: '203.0.113.0/24', except: ['203.0.113.128/25'], ports: [443] }],
        replicas: { min: 1, max: 40 },
        cpu: '0.5',
        memory: '1Gi',
        env: { LOG_LEVEL: 'debug' },
        secrets: {
          SESSION_KEY: { remoteKey: 'session', property: 'key' },
          TOKEN: { name: NAME, key: 'token' },
        },
        database: { name: 'conduit', user: 'conduit_app' },
        args: ['--target=web'],
        migrate: ['--migrate'],
        port: 3000,
        managementPort: 3001,
        management: { live: '/alive', ready: '/able', metrics: false },
        drainSeconds: 60,
        startSeconds: 300,
        scaling: { cpuPercent: 50, memoryPercent: 70, calmSeconds: 600 },
        maxUnavailable: 2,
      },
    ],
  ])('%s', async (_, props) => {
    expect(await findings({ [NAME]: props })).toEqual([]);
  });

  test('that shares a host with others, each under paths of its own', async () => {
    const host = 'conduit.dev.slipway.example';
    const auth = { host, paths: ['/api/users', '/api/profiles'] };
    const web = { host, calls: [{ name: 'auth', namespace: NAME }] };
    const callers = [{ name: 'web', namespace: NAME }];
    expect(await findings({ web, auth: { ...auth, callers } as Partial<WebServiceProps> })).toEqual([]);
  });
});

describe('props that make no sense', () => {
  let repo: Repo;
  beforeAll(async () => {
    repo = await Repo.create();
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  test('stop a compile before anything is written: a line for each, with its place and no stack', async () => {
    await repo.edit(
      'apps/conduit.ts',
      "migrate: ['--migrate'],",
      "migrate: ['--migrate'], port: 9090, drainSeconds: -1,",
    );
    const where =
      "apps/conduit.ts:8: can't be compiled for dev-eu-west-1, staging-eu-west-1, prod-eu-west-1: conduit";
    expect(await repo.slipway('synth')).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        `${where}: managementPort: found 9090; allowed: another than "port": probes would count as users’ requests`,
        `${where}: drainSeconds: found -1; allowed: a whole number from 0 to 600`,
        '',
      ].join('\n'),
    });
    expect(await repo.git('status', '--porcelain', '--', 'dist')).toBe('');
  });
});
