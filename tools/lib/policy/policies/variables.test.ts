import { describe, expect, test } from '@jest/globals';
import { ADD_ON, APP, FLUX, found, inFile, kustomization, object } from '../testing.ts';

function settings(value: string) {
  return object('v1', 'ConfigMap', { data: { text: value } });
}

const AT = 'dist/c/apps/shop/shop.yaml: ConfigMap/shop/shop: data.text:';
const LITERAL = 'for a literal write "$${"';

describe('variables', () => {
  test.each([
    'plain',
    '${DATABASE_HOST}',
    'postgres://${DATABASE_HOST}:5432/shop',
    '${DATABASE_HOST:=localhost}',
    '${DATABASE_HOST:-localhost}',
    '${DATABASE_HOST=localhost}',
    '${DATABASE_HOST^^}',
    '${#DATABASE_HOST}',
    '$${LITERAL}',
    '$$$${LITERAL}',
    '$FOO $(FOO) $1 $" $',
    '$$${DATABASE_HOST}',
  ])('lets pass %s', (value) => {
    expect(found('variables', [settings(value)])).toEqual([]);
  });

  test.each([
    [
      '${DATABSE_HOST}',
      `\${DATABSE_HOST} is no key of CLUSTER_VARS; write "DATABASE_HOST", or add the key to config/cluster-vars.ts; ${LITERAL}`,
    ],
    [
      '${PATH:=/bin}',
      `\${PATH} is no key of CLUSTER_VARS; add the key to config/cluster-vars.ts; ${LITERAL}`,
    ],
    [
      '${DATABASE_HOST:=${OTHER}}',
      `\${OTHER} is no key of CLUSTER_VARS; add the key to config/cluster-vars.ts; ${LITERAL}`,
    ],
    ['$$${X}', `\${X} is no key of CLUSTER_VARS; add the key to config/cluster-vars.ts; ${LITERAL}`],
    ['${1}', `"\${1}" is no variable that Flux can read; ${LITERAL}`],
    ['${}', `"\${}" is no variable that Flux can read; ${LITERAL}`],
    ['a ${DATABASE_HOST-x}', `"\${DATABASE_HOST-x}" is no variable that Flux can read; ${LITERAL}`],
    ['kill $$', 'holds "$$", of which Flux leaves half; write "$$$$", or one dollar'],
  ])('finds %s', (value, says) => {
    expect(found('variables', [settings(value)])).toEqual([`${AT} ${says} [variables]`]);
  });

  test('finds one in a key', () => {
    expect(found('variables', [object('v1', 'ConfigMap', { data: { '${X}': 'a' } })])).toEqual([
      `dist/c/apps/shop/shop.yaml: ConfigMap/shop/shop: data["\${X}"]: \${X} is no key of CLUSTER_VARS; add the key to config/cluster-vars.ts; ${LITERAL} [variables]`,
    ]);
  });

  test.each(['annotations', 'labels'])('leaves alone an object whose %s switch it off', (field) => {
    const off = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' };
    const item = object('v1', 'ConfigMap', { data: { text: '${X}' } }, { [`metadata.${field}`]: off });
    expect(found('variables', [item])).toEqual([]);
  });

  test.each(['${DATABASE_HOST}', '$${LITERAL}'])('finds %s where nothing substitutes', (value) => {
    expect(found('variables', [inFile(FLUX, settings(value))])).toEqual([
      `dist/${FLUX}: ConfigMap/shop/shop: data.text: holds "\${", which nothing substitutes in this folder; put the value itself there [variables]`,
    ]);
  });

  test('goes by what the Kustomization of the folder substitutes', () => {
    const none = kustomization('tool', 'platform/tool', [], { 'spec.postBuild': undefined });
    const own = kustomization('shop', 'apps/shop', [], {
      'spec.postBuild': { substitute: { COLOUR: 'blue' } },
    });
    expect(
      found('variables', [none, own, settings('${COLOUR}'), inFile(ADD_ON, settings('${DATABASE_HOST}'))]),
    ).toEqual([
      `dist/${ADD_ON}: ConfigMap/shop/shop: data.text: holds "\${", and the Kustomization of this folder substitutes none; put the value itself there [variables]`,
    ]);
  });

  describe('where Kubernetes wants a text', () => {
    const own = (name: string) =>
      kustomization('shop', 'apps/shop', [], { 'spec.postBuild': { substitute: { [name]: '5432' } } });
    const container = (fields: object) => object('v1', 'Pod', { spec: { containers: [fields] } });

    test.each([
      [container({ env: [{ name: 'PORT', value: '${DB_PORT}' }] }), 'spec.containers[0].env[0].value'],
      [container({ args: ['--port', '${DB_PORT}'] }), 'spec.containers[0].args[1]'],
      [settings('${DB_PORT}'), 'data.text'],
      [object('v1', 'Pod', {}, { 'metadata.labels': { port: '${DB_PORT}' } }), 'metadata.labels.port'],
    ])('finds a number that stands alone', (item, path) => {
      expect(found('variables', [own('DB_PORT'), item])).toEqual([
        `dist/${APP}: ${item.kind}/shop/shop: ${path}: \${DB_PORT} alone arrives as a number or boolean, whatever quotes are around it; put it into a longer text [variables]`,
      ]);
    });

    test('finds a default that YAML reads as another type', () => {
      expect(found('variables', [own('MODE'), settings('${MODE:=yes}')])).toEqual([
        `${AT} \${MODE:=yes} alone arrives as a number or boolean, whatever quotes are around it; put it into a longer text [variables]`,
      ]);
    });

    test.each([
      settings('port=${DB_PORT}'),
      object('v1', 'Service', { spec: { ports: [{ port: '${DB_PORT}' }] } }),
    ])('lets pass a number in a longer text, or where a number may stand', (item) => {
      expect(found('variables', [own('DB_PORT'), item])).toEqual([]);
    });
  });
});
