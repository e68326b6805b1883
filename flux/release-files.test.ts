import { describe, expect, test } from '@jest/globals';
import { ApiObject, App, Chart } from 'cdk8s';
import fc from 'fast-check';
import type { Resource } from '../charts/custom-resource.ts';
import { setterMarkers } from '../charts/setter-marker.ts';
import { SHOP } from '../charts/testing/sample.ts';
import { WebService, type WebServiceProps } from '../charts/web-service.ts';
import { type FileForKustomize, releaseFiles } from './release-files.ts';

const CANARY: WebServiceProps['release'] = {
  strategy: 'canary',
  weights: { step: 10, max: 50 },
  intervalSeconds: 60,
  threshold: 5,
  minSuccessPercent: 99,
  maxP99Milliseconds: 500,
};
const IMAGE = { reference: 'ghcr.io/example/shop:1.0.0', policy: 'flux-system:shop-dev' };

/** The files beside `shop.yaml` when it holds services with these props, by their names. */
function files(services: Record<string, Partial<WebServiceProps>>): Record<string, FileForKustomize> {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  for (const [name, props] of Object.entries(services)) {
    new WebService(chart, name, {
      ...SHOP,
      image: IMAGE,
      release: CANARY,
      ...props,
    } as WebServiceProps);
  }
  const documents = chart.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .map((object) => ({ json: object.toJson() as Resource, markers: setterMarkers(object) }));
  return Object.fromEntries(releaseFiles('shop.yaml', documents).map((file) => [file.name, file]));
}

/** The file of the release of a service called `shop`. */
const release = (props: Partial<WebServiceProps> = {}) =>
  files({ shop: props })['shop-release.yaml'] as FileForKustomize & {
    json: { containers: { name: string; image: string }[]; template: string };
  };

describe('the files for kustomize', () => {
  test('make a ConfigMap of each release, in the namespace of what names it', () => {
    const {
      'kustomization.yaml': kustomization,
      'names.yaml': names,
      ...releases
    } = files({ web: {}, auth: {} });
    expect(kustomization?.json).toEqual({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      configMapGenerator: [
        { name: 'web-release', namespace: 'shop', files: ['web-release.yaml'] },
        { name: 'auth-release', namespace: 'shop', files: ['auth-release.yaml'] },
      ],
      configurations: ['names.yaml'],
      resources: ['shop.yaml'],
    });
    expect(names?.json).toEqual({
      nameReference: [
        {
          kind: 'ConfigMap',
          version: 'v1',
          fieldSpecs: [
            { group: 'flagger.app', kind: 'Canary', path: 'metadata/annotations/slipway.dev\\/release' },
          ],
        },
      ],
    });
    expect(Object.keys(releases)).toEqual(['web-release.yaml', 'auth-release.yaml']);
  });

  test('are none where nothing is released by a canary', () => {
    expect(files({ shop: { release: { strategy: 'rolling' } } })).toEqual({});
  });

  test('leave out the service that has no canary', () => {
    const some = files({ web: {}, batch: { release: { strategy: 'rolling' } } });
    expect(Object.keys(some)).toEqual(['kustomization.yaml', 'names.yaml', 'web-release.yaml']);
  });
});

describe('the file of a release', () => {
  test('holds each image with the marker by which Flux sets it', () => {
    const { json, markers } = release({ migrate: ['--migrate'] });
    expect(json.containers).toEqual([
      { name: 'migrate', image: IMAGE.reference },
      { name: 'shop', image: IMAGE.reference },
    ]);
    expect(markers).toEqual([
      { path: ['containers', 0, 'image'], policy: IMAGE.policy },
      { path: ['containers', 1, 'image'], policy: IMAGE.policy },
    ]);
  });

  test('holds no marker where no automation moves the image', () => {
    expect(release({ image: { reference: IMAGE.reference } }).markers).toEqual([]);
  });

  test('differs by the image alone when only the image does: that is what Flux sets, and it can set no hash', () => {
    const image = fc.stringMatching(/^[a-z]{1,9}\.io\/[a-z]{1,9}:[0-9]\.[0-9]{1,3}$/);
    fc.assert(
      fc.property(image, (reference) => {
        expect(release({ image: { ...IMAGE, reference } }).json).toEqual({
          containers: [{ name: 'shop', image: reference }],
          template: release().json.template,
        });
      }),
    );
  });

  test.each<[string, Partial<WebServiceProps>]>([
    ['an environment', { env: { LEVEL: 'debug' } }],
    ['a secret', { secrets: { KEY: { name: 'shop', key: 'key' } } }],
    ['memory', { memory: '512Mi' }],
    ['a port', { port: 8081 }],
    ['a migration', { migrate: ['--migrate'] }],
  ])('differs when the pods get another %s', (_, props) => {
    expect(release(props).json.template).not.toBe(release().json.template);
  });

  test.each<[string, Partial<WebServiceProps>]>([
    ['replicas', { replicas: { min: 3, max: 9 } }],
    ['host', { host: 'other.example.com' }],
    ['way of being judged', { release: { ...CANARY, threshold: 2 } }],
  ])('is the same with another %s, of which the pods know nothing', (_, props) => {
    expect(release(props)).toEqual(release());
  });
});
