import { describe, expect, test } from '@jest/globals';
import { found, object } from '../testing.ts';

const REFERENCE = 'ghcr.io/example/shop:1.0.0';
const MARKED = `image: ${REFERENCE} # {"$imagepolicy": "flux-system:shop-dev"}`;
const POLICY = object('image.toolkit.fluxcd.io/v1', 'ImagePolicy', {
  metadata: { name: 'shop-dev', namespace: 'flux-system' },
});

function judge(text: string, { automated = true, objects = [POLICY] } = {}) {
  return found('setter-markers', objects, {
    config: {
      platform: { clusters: [{ name: 'c', ring: 'dev', apps: ['shop'] }] },
      images: {
        dev: { shop: { reference: REFERENCE, ...(automated && { policy: 'flux-system:shop-dev' }) } },
      },
    },
    files: {
      'c/apps/shop/shop.yaml': text,
      // Those of others are none of the app's business.
      'c/apps/shop-2/shop.yaml': `image: ${REFERENCE}\n`,
    },
  });
}

describe('setter markers', () => {
  test.each([
    ['an image with its marker', `a: 1\n${MARKED}\n`],
    ['several', `${MARKED}\n- ${MARKED}\n`],
    ['one on the last line', MARKED],
    ['another image whose name begins alike', `${MARKED}\nimage: ${REFERENCE}-debug\n`],
  ])('lets pass %s', (_, text) => {
    expect(judge(text)).toEqual([]);
  });

  test('lets pass an image that moves by hand', () => {
    expect(judge(`image: ${REFERENCE}\n`, { automated: false })).toEqual([]);
  });

  test.each([
    ['no marker', `a: 1\n${MARKED}\nimage: ${REFERENCE}\n`],
    ['the marker of another', `a: 1\n${MARKED}\n${MARKED.replace('shop-dev', 'shop-staging')}\n`],
  ])('finds an image with %s, and its line', (_, text) => {
    expect(judge(text)).toEqual([
      `dist/c/apps/shop/shop.yaml:3: the image has no marker for flux-system:shop-dev; let the line end with: ${MARKED} [setter-markers]`,
    ]);
  });

  test('finds an image that nothing runs', () => {
    expect(judge('image: ghcr.io/example/other:1.0.0\n')).toEqual([
      `dist/c/apps/shop/: nothing runs ${REFERENCE}; use the image that the app is given [setter-markers]`,
    ]);
  });

  test('finds a marker whose policy no cluster has', () => {
    expect(judge(`${MARKED}\n`, { objects: [] })).toEqual([
      'apps/images.yaml: dev.shop: no cluster has the ImagePolicy flux-system:shop-dev, which the marker names; make it, or take the marker away [setter-markers]',
    ]);
  });
});
