import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import type { Resource } from '../charts/custom-resource.ts';
import { setterMarkers } from '../charts/setter-marker.ts';
import { sampleConfig } from '../config/testing/sample.ts';
import type { AppContext } from './app.ts';
import { appContext } from './app-context.ts';
import conduit from './conduit.ts';

/** Conduit's chart in production. */
function chart(context: Partial<AppContext> = {}): Chart {
  const config = sampleConfig();
  const cluster = config.platform.clusters.find(({ ring }) => ring === 'prod');
  if (cluster === undefined) throw new Error('the sample has no production');
  const made = new Chart(new App(), 'chart', { namespace: 'conduit' });
  conduit(made, { ...appContext(config, cluster, 'conduit'), ...context });
  return made;
}

const objects = (kind: string, context?: Partial<AppContext>): any[] =>
  (chart(context).toJson() as Resource[]).filter((object) => object.kind === kind);

/** `host/path` of each route to the Service that answers. */
function routes(context: Partial<AppContext>): Record<string, string> {
  return Object.fromEntries(
    objects('Ingress', context).flatMap(({ spec }) =>
      spec.rules.flatMap(({ host, http }: any) =>
        http.paths.map(({ path, backend }: any) => [`${host}${path}`, backend.service.name]),
      ),
    ),
  );
}

/** The environment of a Deployment's container. */
function environment(deployment: string, context: Partial<AppContext>): Record<string, string> {
  const found = objects('Deployment', context).find(({ metadata }) => metadata.name === deployment);
  return Object.fromEntries(
    found.spec.template.spec.containers[0].env.map(({ name, value }: { name: string; value: string }) => [
      name,
      value,
    ]),
  );
}

const HOST = 'conduit.slipway.example';
const SPLIT: Partial<AppContext> = { topology: 'split', poolSize: 7 };

describe('conduit as one service', () => {
  test('answers every path', () => {
    expect(routes({ topology: 'single' })).toEqual({ [`${HOST}/`]: 'conduit' });
  });

  test('signs in to its database by its role, with as many connections as the config says', () => {
    expect(environment('conduit', { topology: 'single', poolSize: 7 })).toMatchObject({
      PGDATABASE: 'conduit',
      DATABASE_SIGN_IN: 'iam',
      DATABASE_POOL_SIZE: '7',
      AWS_REGION: 'eu-west-1',
    });
  });
});

describe('conduit as four services', () => {
  test('answers each path by the part that has it, and all others by the pages', () => {
    expect(routes(SPLIT)).toEqual({
      [`${HOST}/`]: 'conduit-web',
      [`${HOST}/api/users`]: 'conduit-auth',
      [`${HOST}/api/user`]: 'conduit-auth',
      [`${HOST}/api/profiles`]: 'conduit-auth',
      [`${HOST}/api/articles`]: 'conduit-content',
      [`${HOST}/api/tags`]: 'conduit-content',
      [`${HOST}/api/recommendations`]: 'conduit-recommendations',
    });
  });

  test('is four targets of one image, each released by a canary of its own', () => {
    const pods = objects('Deployment', SPLIT).map(({ metadata, spec }) => ({
      name: metadata.name,
      args: spec.template.spec.containers[0].args,
      image: spec.template.spec.containers[0].image,
    }));
    const { image } = pods[0] ?? {};
    expect(pods).toEqual(
      ['auth', 'content', 'recommendations', 'web'].map((part) => ({
        name: `conduit-${part}`,
        args: [`--target=${part}`],
        image,
      })),
    );
    expect(objects('Canary', SPLIT).map(({ spec }) => spec.targetRef.name)).toEqual(
      pods.map(({ name }) => name),
    );
  });

  test('is moved by one policy of image automation, in every container', () => {
    const image = { reference: 'ghcr.io/slipway/conduit:1.0.0', policy: 'flux-system:conduit-dev' };
    const markers = chart({ ...SPLIT, image })
      .node.findAll()
      .flatMap((construct) =>
        'toJson' in construct && 'kind' in construct ? setterMarkers(construct as never) : [],
      );
    // The parts migrate too, the pages have no database.
    expect(markers).toHaveLength(7);
    expect(new Set(markers.map(({ policy }) => policy))).toEqual(new Set([image.policy]));
  });

  test('has pages that know where the parts are, may call them, and reach no database', () => {
    expect(environment('conduit-web', SPLIT)).toMatchObject({
      AUTH_URL: 'http://conduit-auth.conduit.svc.cluster.local',
      CONTENT_URL: 'http://conduit-content.conduit.svc.cluster.local',
      RECOMMENDATIONS_URL: 'http://conduit-recommendations.conduit.svc.cluster.local',
    });
    expect(environment('conduit-web', SPLIT)).not.toHaveProperty('PGHOST');
    for (const { metadata, spec } of objects('MeshTLSAuthentication', SPLIT)) {
      const callers = spec.identityRefs.map(({ name }: { name: string }) => name);
      if (metadata.name !== 'conduit-web') expect(callers).toContain('conduit-web');
    }
  });

  test('is tried by paths that each part has', () => {
    const commands = objects('Canary', SPLIT).map(({ metadata, spec }) => [
      metadata.name,
      spec.analysis.webhooks
        .find(({ name }: { name: string }) => name === 'load')
        .metadata.cmd.match(/http[^']*/)[0],
    ]);
    expect(Object.fromEntries(commands)).toEqual({
      'conduit-auth': 'http://conduit-auth-canary.conduit.svc.cluster.local/api/user',
      'conduit-content': 'http://conduit-content-canary.conduit.svc.cluster.local/api/articles',
      'conduit-recommendations':
        'http://conduit-recommendations-canary.conduit.svc.cluster.local/api/recommendations',
      'conduit-web': 'http://conduit-web-canary.conduit.svc.cluster.local/',
    });
  });
});

describe('the keys of sessions', () => {
  test.each<Partial<AppContext>>([{ topology: 'single' }, SPLIT])(
    'are both in every container, from one secret that both change in: %j',
    (context) => {
      for (const { metadata, spec } of objects('ExternalSecret', context)) {
        expect([metadata.name, spec.data]).toEqual([
          metadata.name,
          [
            {
              secretKey: 'SESSION_KEY',
              remoteRef: { key: 'prod-eu-west-1/conduit/session-key', property: 'current' },
            },
            {
              secretKey: 'SESSION_KEY_PREVIOUS',
              remoteRef: { key: 'prod-eu-west-1/conduit/session-key', property: 'previous' },
            },
          ],
        ]);
      }
      const keys = objects('Deployment', context).flatMap(({ metadata, spec: { template } }) =>
        [...template.spec.containers, ...(template.spec.initContainers ?? [])].map(({ env }) => [
          metadata.name,
          env.flatMap(({ name, valueFrom }: any) => (valueFrom ? [[name, valueFrom.secretKeyRef]] : [])),
        ]),
      );
      expect(keys.length).toBeGreaterThan(1);
      for (const [name, found] of keys) {
        expect(found).toEqual(['SESSION_KEY', 'SESSION_KEY_PREVIOUS'].map((key) => [key, { name, key }]));
      }
    },
  );
});

describe('conduit on its way', () => {
  test.each([
    ['single-to-split', 'conduit', 'conduit-web'],
    ['split-to-single', 'conduit-web', 'conduit'],
  ] as const)('%s: %s serves without a canary, %s runs aside with one', (topology, serving, next) => {
    const all = routes({ topology });
    expect(all[`${HOST}/`]).toBe(serving);
    expect(all['conduit-next.slipway.example/']).toBe(next);
    const canaries = objects('Canary', { topology }).map(({ metadata }) => metadata.name);
    expect(canaries).toContain(next);
    expect(canaries).not.toContain(serving);
  });
});
