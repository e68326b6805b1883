// That each version which is pinned somewhere in the repo is raised by somebody: what renovate.json finds, and what it
// leaves out, with the reason.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../lib/repo.ts';

interface CustomManager {
  managerFilePatterns: string[];
  matchStrings: string[];
  matchStringsStrategy?: 'any' | 'recursive' | 'combination';
}
interface Rule {
  matchFileNames?: string[];
  automerge?: boolean;
}

const config = JSON.parse(readFileSync(join(ROOT, 'renovate.json'), 'utf8')) as {
  customManagers: CustomManager[];
  packageRules: Rule[];
};
const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The files that Renovate's own managers read. @see https://docs.renovatebot.com/modules/manager/ */
const MANAGERS: Readonly<Record<string, RegExp>> = {
  npm: /(^|\/)package\.json$/,
  dockerfile: /(^|\/)([Dd]ocker|[Cc]ontainer)file$/,
  'github-actions': /^\.github\/(workflows\/[^/]+|actions\/.+\/action)\.ya?ml$/,
};

/** What a custom manager finds in a text: what each match is called and its version. */
function matches({ matchStrings, matchStringsStrategy }: CustomManager, text: string): string[] {
  const found = (source: string, part: string) => [...part.matchAll(new RegExp(source, 'g'))];
  if (matchStringsStrategy !== 'recursive') {
    return matchStrings.flatMap((source) => found(source, text)).map(named);
  }
  return matchStrings
    .reduce<RegExpMatchArray[]>(
      (before, source, index) =>
        index === 0 ? found(source, text) : before.flatMap(([part]) => found(source, part)),
      [],
    )
    .map(named);
}

function named({ groups }: RegExpMatchArray): string {
  return `${groups?.depName} ${groups?.currentValue}`;
}

/** All that the custom managers find in a file. */
function customMatches(file: string): string[] {
  return config.customManagers
    .filter(({ managerFilePatterns }) =>
      managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)),
    )
    .flatMap((manager) => matches(manager, read(file)));
}

describe('each pinned version is raised by somebody', () => {
  test('packages: of every manifest', () => {
    const manifests = files.filter((file) => MANAGERS.npm?.test(file));
    expect(manifests).toEqual(
      expect.arrayContaining(['package.json', 'service/package.json', 'tools/release/package.json']),
    );
    for (const file of manifests) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file));
      // A range would be raised by whoever makes the lock file.
      for (const version of Object.values({ ...dependencies, ...devDependencies })) {
        expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      }
    }
  });

  test('images: every FROM by its digest, in a file that Renovate reads', () => {
    const containers = files.filter(
      (file) => /(^|\/)\w*Dockerfile[^/]*$/.test(file) && !file.endsWith('.ts'),
    );
    expect(containers.filter((file) => !MANAGERS.dockerfile?.test(file))).toEqual([]);
    const from = containers.flatMap((file) =>
      [...read(file).matchAll(/^FROM (\S+)/gm)].map(([, image]) => image),
    );
    expect(from.length).toBeGreaterThan(0);
    for (const image of from) expect(image).toMatch(/:[\w.-]+@sha256:[0-9a-f]{64}$/);
  });

  test('actions: in files that Renovate reads', () => {
    const workflows = files.filter((file) => file.startsWith('.github/') && /uses: \S+@/.test(read(file)));
    expect(workflows.length).toBeGreaterThan(0);
    expect(workflows.filter((file) => !MANAGERS['github-actions']?.test(file))).toEqual([]);
  });

  test('add-ons: every line of the first ring, and no other', () => {
    const [first = ''] = /^dev:\n(?: {2}.*\n)+/m.exec(read('config/versions.yaml')) ?? [];
    const lines = first.split('\n').flatMap((line) => {
      const [, version, , name] = /^ {2}[\w-]+: (\S+) # renovate: (\S+) depName=(\S+)/.exec(line) ?? [];
      return version ? [`${name} ${version}`] : [];
    });
    expect(lines.length).toBe(first.trimEnd().split('\n').length - 1);
    expect(customMatches('config/versions.yaml').sort()).toEqual(lines.sort());
  });

  test('EKS add-ons: every one of every minor', () => {
    const file = 'config/kubernetes-versions.ts';
    const all = read(file).match(/v[\d.]+-eksbuild\.\d+/g) ?? [];
    expect(all.length).toBeGreaterThan(10);
    expect(customMatches(file)).toHaveLength(all.length);
  });

  test('versions in code: each comment for Renovate has its version on the next line', () => {
    const commented = files.filter(
      (file) =>
        /^(cluster-infra|config|flux|tools)\/.+\.ts$/.test(file) && /^\s*\/\/ renovate: /m.test(read(file)),
    );
    for (const file of commented) {
      const comments = read(file).match(/^\s*\/\/ renovate: /gm) ?? [];
      expect([file, customMatches(file).filter((match) => !match.includes('eksbuild')).length]).toEqual([
        file,
        comments.length,
      ]);
    }
  });

  test('versions in code: none stands without such a comment', () => {
    const sources = files.filter(
      (file) =>
        /^(apps|charts|cluster-infra|config|flux)\/.+\.ts$/.test(file) &&
        !/\.test\.ts$|\/testing\/|config\/(fixtures|kubernetes-versions|checks)/.test(file),
    );
    const bare = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index, lines) =>
          /(?:version|tag|image)\w*(?: =|:) ['"`][^'"`]*\bv?\d+\.\d+\.\d+/i.test(line) &&
          !/^\s*(\/\/|\*)/.test(line) &&
          !/renovate: /.test(lines[index - 1] ?? '')
            ? [`${file}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    );
    expect(bare).toEqual([]);
  });
});

test('nothing is merged by itself that reaches a ring after the first', () => {
  for (const { automerge, matchFileNames } of config.packageRules) {
    if (!automerge) continue;
    for (const pattern of matchFileNames ?? []) {
      expect(pattern).not.toMatch(/^(dist|apps)\//);
    }
  }
  const [, production = ''] = read('config/versions.yaml').split(/^(?=staging:)/m);
  expect(customMatches('config/versions.yaml').length).toBeLessThan(production.split('\n').length);
});

test('schedules are no more often than somebody reads, and what is dangerous waits for nobody', () => {
  const { schedule, vulnerabilityAlerts } = config as unknown as {
    schedule: string[];
    vulnerabilityAlerts: { schedule: string[]; minimumReleaseAge: null };
  };
  expect(schedule).toEqual(['* 3-6 * * 1-5']);
  expect(vulnerabilityAlerts).toMatchObject({ schedule: ['at any time'], minimumReleaseAge: null });
});
