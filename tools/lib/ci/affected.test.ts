import { describe, expect, test } from '@jest/globals';
import { affectedAreas } from './affected.ts';

const NOTHING = { service: false, infra: false, canaries: false, release: false };
const ALL = { service: true, infra: true, canaries: true, release: true };

describe('a change affects', () => {
  test.each([
    ['nothing that is looked at apart', ['README.md', 'docs/glossary.md'], NOTHING],
    ['the service', ['service/src/app.ts'], { ...NOTHING, service: true, release: true }],
    ['the infrastructure', ['cluster-infra/main.ts'], { ...NOTHING, infra: true }],
    ['canaries, by how they are compiled', ['charts/web-service.ts'], { ...NOTHING, canaries: true }],
    [
      "canaries and infrastructure, by Flux's commit",
      ['apps/images.yaml', 'dist/dev-eu-west-1/apps/conduit/conduit.yaml'],
      { ...NOTHING, canaries: true, infra: true },
    ],
    ['everything, by its packages', ['package-lock.json'], ALL],
    ['everything, by its workflows', ['.github/workflows/ci.yml'], ALL],
  ])('%s', (_, files, areas) => expect(affectedAreas(files)).toEqual(areas));
});
