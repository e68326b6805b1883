/** This release and the one before it run side by side while it goes out, and on its tables when it is taken back. */
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type ConduitDatabase, createConduitDatabase, stop } from '../reliability/conduit.ts';
import { type Fleet, type FleetTarget, startFleet } from '../reliability/fleet.ts';
import { type Front, startProxy } from '../reliability/proxy.ts';
import { call, type ServiceProcess, signUpByApi, Visitor } from '../src/testing.ts';
import { apiJourney, pagesJourney } from './journey.ts';
import { type Checkout, checkOutPreviousRelease, packagesFolder } from './previous-release.ts';

/** Everybody comes from one address here. */
const SETTINGS = { SIGN_UPS_PER_HOUR: '0', DRAIN_SECONDS: '0' };

let previous: Checkout;
let database: ConduitDatabase;

beforeAll(async () => {
  previous = checkOutPreviousRelease();
  // With the tables of this release, whoever works on them.
  database = await createConduitDatabase(process.env.TEST_DATABASE_URL as string);
}, 60_000);

afterAll(async () => {
  previous?.remove();
  await database?.drop();
});

describe('four targets', () => {
  let fleet: Fleet | undefined;

  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
  });

  /** Starts a fleet in which these targets run another file. */
  async function start(targets: readonly FleetTarget[], main: string): Promise<Fleet> {
    const mains = Object.fromEntries(targets.map((target) => [target, main]));
    fleet = await startFleet(database, { settings: SETTINGS, mains });
    return fleet;
  }

  test.each<[readonly FleetTarget[]]>([
    [['web']],
    [['auth', 'content', 'recommendations']],
    [['auth']],
    [['content']],
    [['recommendations']],
  ])(
    'serve together when these are of the release before: %j',
    async (targets) => {
      const { url } = await start(targets, previous.main);
      await apiJourney({ url });
      await pagesJourney({ url });
    },
    120_000,
  );

  describe('of which one has changed what others stand on', () => {
    let changed: string;

    afterEach(() => rmSync(changed, { recursive: true }));

    /** A copy of this release in which every `from` is a `to`. */
    function change(from: string, to: string): string {
      changed = mkdtempSync(join(tmpdir(), 'conduit-changed-'));
      cpSync(join(import.meta.dirname, '../src'), join(changed, 'src'), { recursive: true });
      cpSync(join(import.meta.dirname, '../package.json'), join(changed, 'package.json'));
      symlinkSync(packagesFolder(), join(changed, 'node_modules'), 'dir');
      for (const file of globSync(join(changed, 'src/**/*.ts'))) {
        const source = readFileSync(file, 'utf8');
        if (source.includes(from)) writeFileSync(file, source.replaceAll(from, to));
      }
      return join(changed, 'src/main.ts');
    }

    test('a field of the API', async () => {
      const { url } = await start(['content'], change('favoritesCount', 'favouritesCount'));
      await expect(apiJourney({ url })).rejects.toThrow('favoritesCount');
      await expect(pagesJourney({ url })).rejects.toThrow('undefined');
    }, 60_000);

    test('a route of the API', async () => {
      const { url } = await start(
        ['content'],
        change("'/articles/:slug/favorite'", "'/articles/:slug/like'"),
      );
      // Whoever only calls it sees that it isn't there; the pages say that the part is not available.
      await expect(apiJourney({ url })).rejects.toThrow('/favorite');
      await expect(pagesJourney({ url })).rejects.toThrow('"status": 503');
    }, 60_000);
  });
});

describe('one process of each release', () => {
  let before: ServiceProcess;
  let now: ServiceProcess;

  beforeAll(async () => {
    before = await database.start(SETTINGS, [], previous.main);
    now = await database.start(SETTINGS);
  }, 60_000);

  afterAll(() => Promise.all([before, now].map(stop)));

  test('the release before works on the tables of this one', async () => {
    await apiJourney(before);
    await pagesJourney(before);
  }, 60_000);

  test('people are answered by one and the other in turn, as while a canary runs', async () => {
    const proxy: Front = await startProxy();
    try {
      await proxy.add(before);
      await proxy.add(now);
      await apiJourney(proxy);
      await pagesJourney(proxy);
    } finally {
      await proxy.close();
    }
  }, 60_000);

  describe.each([
    ['the release before', 'this one', () => [before, now] as const],
    ['this release', 'the one before', () => [now, before] as const],
  ])('what %s made is good in %s', (maker, _user, processes) => {
    test('a token of the API', async () => {
      const [made, used] = processes();
      const token = await signUpByApi(made, `token of ${maker}`);
      expect((await call(used, 'GET', '/user', { token })).body.user.username).toBe(`token of ${maker}`);
    });

    test('a password and a session of the pages', async () => {
      const [made, used] = processes();
      const name = `session of ${maker}`;
      const email = `${maker.replaceAll(' ', '.')}@example.com`;
      await new Visitor(made).submit('/register', { username: name, email, password: 'password1' });
      const signedIn = await new Visitor(made).submit('/login', { email, password: 'password1' });
      const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] as string;
      expect(await (await new Visitor(used).get('/', { cookie })).text()).toContain(`>${name}</span>`);
      const again = await new Visitor(used).submit('/login', { email, password: 'password1' });
      expect(again.status).toBe(303);
    });
  });
});

describe('the record of the release before', () => {
  test('a commit that this clone lacks is told with the remedy', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    expect(() => checkOutPreviousRelease({ version: '0.0.1', commit })).toThrow(
      `service/previous-release.json: commit: found ${commit}, which this clone lacks; allowed is a commit of its history (\`git fetch --unshallow\` brings what a shallow clone left out)`,
    );
  });

  test('another version than the commit has is told', () => {
    const file = join(import.meta.dirname, '../previous-release.json');
    const { commit, version } = JSON.parse(readFileSync(file, 'utf8'));
    expect(() => checkOutPreviousRelease({ version: '0.0.1', commit })).toThrow(
      `service/previous-release.json: version: found 0.0.1; the package of commit ${commit} is ${version}`,
    );
  });
});
