// What can be wrong between values that are each fine by themselves.
import { type Cidr, firstFree, formatCidr, overlap, parseCidr } from './cidr.ts';
import type { Path } from './path.ts';
import { nearMiss, notOneOf, show } from './refusal.ts';
import type { Sound } from './sound.ts';

/** A mistake in the platform, before it is known which file it stands in. */
export interface Finding {
  path: Path;
  says: string;
}

/** What a platform says about its rings, apps and clusters, as far as it can be relied on. */
export interface Known {
  /**
   * How each ring is promoted, by its name, in their order; `undefined` in place of a promotion that is wrong, and of
   * the whole when a name is.
   */
  rings: ReadonlyMap<string, string | undefined> | undefined;
  /** The names of the apps; `undefined` when one is wrong. */
  apps: readonly string[] | undefined;
  /** Which cluster of which ring runs which app: rings and apps that exist only. */
  runs: readonly { cluster: string; ring: string; app: string }[];
}

/** Nothing at all, for when the platform can't be read. */
export const NOTHING_KNOWN: Known = { rings: undefined, apps: undefined, runs: [] };

/** Collects what names in other places are judged by. */
export function whatIsKnown(sound: Sound): Known {
  const rings = allDefined(
    sound.keys(['rings']).map((index) => {
      const name = sound.text(['rings', index, 'name']);
      return name === undefined ? undefined : ([name, sound.text(['rings', index, 'promotion'])] as const);
    }),
  );
  const names = sound.keys(['apps']).map((app) => (sound.has(['apps', app]) ? String(app) : undefined));
  // That there are none is as sure as anything.
  const apps = names.length === 0 && sound.has(['apps']) ? [] : allDefined(names);
  const known = { rings: rings && new Map(rings), apps };
  const runs = sound.keys(['clusters']).flatMap((index) => {
    const ring = sound.text(['clusters', index, 'ring']);
    const cluster = sound.text(['clusters', index, 'name']);
    if (ring === undefined || cluster === undefined || known.rings?.has(ring) !== true) return [];
    return sound.keys(['clusters', index, 'apps']).flatMap((position) => {
      const app = sound.text(['clusters', index, 'apps', position]);
      return app !== undefined && known.apps?.includes(app) === true ? [{ cluster, ring, app }] : [];
    });
  });
  return { ...known, runs };
}

/** What is wrong with the lists of rings and clusters, each by itself. */
export function checkLists(sound: Sound): Finding[] {
  return [
    ...twice(sound, 'rings', 'name', 'ring'),
    ...firstRingWaits(sound),
    ...twice(sound, 'clusters', 'name', 'cluster'),
  ];
}

/** What is wrong between a value and others elsewhere. It judges sound values only: no mistake has another in its train. */
export function checkReferences(sound: Sound, known: Known): Finding[] {
  return [...overlaps(sound), ...strangers(sound, known), ...sharedSubdomains(sound)];
}

/** Two records of a list with one name. */
function twice(sound: Sound, list: string, key: string, what: string): Finding[] {
  const owners = new Map<string, PropertyKey>();
  const findings: Finding[] = [];
  for (const index of sound.keys([list])) {
    const name = sound.text([list, index, key]);
    if (name === undefined) continue;
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, index);
    else {
      const says = `found ${show(name)}, the name of ${list}[${String(owner)}] too; allowed: a name that no other ${what} has`;
      findings.push({ path: [list, index, key], says });
    }
  }
  return findings;
}

function firstRingWaits(sound: Sound): Finding[] {
  const path = ['rings', 0, 'promotion'];
  if (sound.text(path) !== 'approval') return [];
  return [
    { path, says: 'found "approval"; allowed: "automatic" in the first ring, since no ring comes before it' },
  ];
}

/** Two VPCs that share addresses: they could never be peered or reach each other over a transit gateway. */
function overlaps(sound: Sound): Finding[] {
  const seen: { range: Cidr; text: string; owner: string }[] = [];
  const findings: Finding[] = [];
  const indexes = sound.keys(['clusters']);
  const all = indexes.flatMap((index) => parseCidr(sound.text(['clusters', index, 'vpcCidr']) ?? '') ?? []);
  for (const index of indexes) {
    const path = ['clusters', index, 'vpcCidr'];
    const text = sound.text(path);
    const range = text === undefined ? undefined : parseCidr(text);
    if (text === undefined || range === undefined) continue;
    const owner = sound.text(['clusters', index, 'name']) ?? `clusters[${String(index)}]`;
    const other = seen.find((before) => overlap(before.range, range));
    seen.push({ range, text, owner });
    if (other === undefined) continue;
    const free = firstFree(range.prefix, all);
    const example = free === undefined ? '' : `, such as ${show(formatCidr(free))}`;
    const says = `found ${show(text)} of ${owner}, which overlaps ${show(other.text)} of ${other.owner}; allowed: a range that no other cluster uses${example}`;
    findings.push({ path, says });
  }
  return findings;
}

/** Names of rings, apps and clusters that don't exist. */
function strangers(sound: Sound, known: Known): Finding[] {
  const rings = known.rings && [...known.rings.keys()];
  const clusters = allDefined(
    sound.keys(['clusters']).map((index) => sound.text(['clusters', index, 'name'])),
  );
  const findings: Finding[] = [];
  const judge = (path: Path, name: string | undefined, names: readonly string[] | undefined, hint = '') => {
    if (name === undefined || names === undefined || names.includes(name)) return;
    const isSlip = nearMiss(name, names) !== undefined;
    findings.push({ path, says: `${notOneOf(name, names)}${isSlip ? '' : hint}` });
  };
  for (const index of sound.keys(['clusters'])) {
    const ring = ['clusters', index, 'ring'];
    judge(ring, sound.text(ring), rings);
    for (const position of sound.keys(['clusters', index, 'apps'])) {
      const app = ['clusters', index, 'apps', position];
      judge(app, sound.text(app), known.apps, '; a new app is described under apps in config/platform.ts');
    }
  }
  for (const app of sound.keys(['apps'])) {
    for (const ring of sound.keys(['apps', app, 'rings'])) {
      const path = ['apps', app, 'rings', ring];
      if (sound.has(path)) judge(path, String(ring), rings);
    }
  }
  judge(['imageAutomation', 'cluster'], sound.text(['imageAutomation', 'cluster']), clusters);
  return findings;
}

/** What an app's subdomain is followed by for a version that is tested, and for a layout that is about to serve. */
const ASIDES = ['preview', 'next'];

/** Two apps that would be reached under one name. */
function sharedSubdomains(sound: Sound): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  const subdomain = (app: PropertyKey) => sound.text(['apps', app, 'subdomain']);
  const apps = sound.keys(['apps']);
  // Those that keep the default own it: the mistake stands where somebody wrote a subdomain.
  for (const app of apps) if (subdomain(app) === undefined) owners.set(String(app), String(app));
  for (const app of apps) {
    const name = subdomain(app);
    if (name === undefined) continue;
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, String(app));
    else {
      const says = `found ${show(name)} of ${String(app)}, the subdomain of ${owner} too; allowed: a subdomain that no other app has`;
      findings.push({ path: ['apps', app, 'subdomain'], says });
    }
  }
  return [...findings, ...ownAddresses(sound)];
}

/** An app whose address is one that another app has besides its own, for versions that not all users are on. */
function ownAddresses(sound: Sound): Finding[] {
  const apps = sound.keys(['apps']).filter((app) => sound.has(['apps', app]));
  const subdomain = (app: PropertyKey) => sound.text(['apps', app, 'subdomain']) ?? String(app);
  return apps.flatMap((app) => {
    const own = subdomain(app);
    const owner = apps.find((other) => ASIDES.some((aside) => own === `${subdomain(other)}-${aside}`));
    if (owner === undefined) return [];
    const given = sound.text(['apps', app, 'subdomain']) === undefined ? [] : ['subdomain'];
    const says = `found ${show(own)}, where ${String(owner)} shows versions that are not for all users yet; allowed: a subdomain that does not end so`;
    return [{ path: ['apps', app, ...given], says }];
  });
}

/** The list without `undefined` in its type; `undefined` when it is empty or one of it is. */
function allDefined<Item>(items: readonly (Item | undefined)[]): Item[] | undefined {
  const defined = items.filter((item) => item !== undefined);
  return defined.length > 0 && defined.length === items.length ? defined : undefined;
}
