import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../lib/repo.ts';

/** Runs the command with a Canary on its standard input. */
function plan(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/slipway.mjs', 'plan', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    input,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

const canary = (analysis: string) => `apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: podinfo, namespace: test}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
  analysis: ${analysis}
`;
const metrics = 'metrics: [{name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}]';
const good = canary(`{interval: 1m, threshold: 3, stepWeight: 10, maxWeight: 50, ${metrics}}`);

describe('npm run plan', () => {
  test('plans any Canary, and ends with 0 when its odds are fine', () => {
    const { status, stdout, stderr } = plan(['--file', '-', '--rps', '20'], good);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^1 plan, in [\d.]+ s\n$/),
    });
    expect(stdout).toContain('test/podinfo  10 % more every 1 min, up to 50 %; 3 failed checks roll back');
    expect(stdout).toContain('20 requests/s of users; the first check sees 120 of theirs');
  });

  test('takes a list as kubectl prints it', () => {
    const indented = good.replaceAll(/^/gm, '  ').trim();
    const { status, stdout } = plan(['--file', '-'], `apiVersion: v1\nkind: List\nitems:\n- ${indented}\n`);
    expect(status).toBe(0);
    expect(stdout).toContain('test/podinfo');
  });

  test('ends with 1 when they are worse than wanted, and says so in plain words', () => {
    const { status, stdout } = plan(['--file', '-', '--rps', '1', '--max-promoted', '0.1'], good);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /✗ a broken release \(95 %\) is promoted in [\d.]+ % of cases; at most 0.1 % are wanted/,
    );
  });

  test('says at few requests what one error does', () => {
    const { stdout } = plan(['--file', '-', '--rps', '2', '--max-promoted', '100'], good);
    expect(stdout).toMatch(
      /! at 2 requests\/s the first check sees 12 requests of users: one error fails it; a healthy release \(99.9 %\) is rolled back in [\d.]+ % of cases/,
    );
  });

  test('ends with 1 for one that it refuses, with the reason', () => {
    const { status, stdout } = plan(['--file', '-'], canary(`{interval: 30s, stepWeight: 10, ${metrics}}`));
    expect(status).toBe(1);
    expect(stdout).toContain('✗ -: spec.analysis.metrics[0].interval: found "1m"; allowed: at most 30s');
  });

  test.each<[string, string[], string, string]>([
    ['a file that is not there', ['--file', 'no/such.yaml'], '', "no/such.yaml: can't be read"],
    ['a file that is no YAML', ['--file', '-'], '{', '-: is no YAML'],
    ['a file without a Canary', ['--file', '-'], 'kind: Deployment\n', "-: holds no Canary of Flagger's"],
    [
      'a cluster that is not there',
      ['nowhere'],
      '',
      'dist/ holds no such cluster: found "nowhere"; allowed: ',
    ],
    ['no traffic', ['--rps', '0'], '', 'allowed: requests a second over 0'],
    ['a share in percent', ['--healthy', '99.9'], '', 'allowed: a share from 0 to 1, such as 0.999'],
  ])('ends with 2 for %s', (_, args, input, says) => {
    const { status, stderr } = plan(args, input);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('    at ');
  });

  test('gives programs all of it as JSON, with suggestions where they are asked for', () => {
    const { stdout } = plan(['--file', '-', '--rps', '1,10', '--json', '--suggest'], good);
    const { canaries } = JSON.parse(stdout);
    expect(canaries.map((one: any) => one.traffic.requestsPerSecond)).toEqual([1, 10]);
    expect(canaries[0].plan.broken.promoted).toBeGreaterThan(canaries[1].plan.broken.promoted);
    expect(canaries[0].suggestions.fastest.brokenPromoted).toBeLessThanOrEqual(0.05);
  });

  test('writes Markdown in which nothing of a manifest means anything', () => {
    const { stdout } = plan(
      ['--file', '-', '--markdown'],
      good.replace('podinfo, namespace', '"`@all|x`", namespace'),
    );
    expect(stdout).toContain('| canary | requests/s |');
    expect(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('| '))
        .map((line) => line.split(/(?<!\\)\|/).length),
    ).toEqual([10, 10, 10]);
  });

  test('draws each canary into a folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plots-'));
    try {
      plan(['--file', '-', '--svg', join(folder, 'new'), '--rps', '1,2'], good);
      expect(readdirSync(join(folder, 'new')).sort()).toEqual([
        'test-podinfo-at-1-ramp.svg',
        'test-podinfo-at-2-ramp.svg',
        'test-podinfo-curve.svg',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('holds the odds against simulated releases', () => {
    const { status, stdout, stderr } = plan(['--verify', '200']);
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(50);
    expect(stderr).toContain('of 50 canaries, 200 releases each: all inside the band of chance');
  });
});
