import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { fluentBit } from './fluent-bit.ts';

const NETWORK = {
  apiServer: ['172.20.0.1/32'],
  vpc: '10.0.0.0/16',
  meshNamespace: 'linkerd',
  prometheus: { namespace: 'monitoring' },
};

const chart = new Chart(new App(), 'chart', { namespace: 'logging' });
fluentBit({ version: '0.2.0', cluster: 'dev', region: 'eu-west-1', network: NETWORK }).objects(chart);
const RELEASE = chart.toJson().find(({ kind }: any) => kind === 'HelmRelease').spec;
const VALUES = RELEASE.values;

/** The sections of a configuration, each with its keys in order. */
function sections(text: string): { name: string; settings: [string, string][] }[] {
  return text.split(/^(?=\[)/m).map((part) => {
    const [head = '', ...rest] = part.trimEnd().split('\n');
    const name = /^\[(\w+)\]$/.exec(head)?.[1] ?? '';
    const settings = rest.map((line): [string, string] => {
      const [, key = '', value = ''] = /^ {4}(\S+) (.+)$/.exec(line) ?? [];
      return [key, value];
    });
    return { name, settings };
  });
}

/** Whether a record is left out by the filters, as fluent-bit's grep takes them. */
function isLeftOut(record: { log?: string; data?: Record<string, string> }): boolean {
  return sections(VALUES.additionalFilters).some(({ settings }) => {
    const exclude = Object.fromEntries(settings).Exclude ?? '';
    const [, key = '', pattern = ''] = /^(\S+) (.+)$/.exec(exclude) ?? [];
    const value = key === 'log' ? record.log : record.data?.[/\['(\w+)'\]/.exec(key)?.[1] ?? ''];
    return value !== undefined && new RegExp(pattern).test(value);
  });
}

describe('of what pods log', () => {
  test.each([
    ['a probe', { log: '10.0.0.1 - - "GET / HTTP/1.1" 200 2 "-" "kube-probe/1.35"' }, true],
    ['a load balancer that asks', { log: 'GET / ELB-HealthChecker/2.0' }, true],
    ['a probe that is logged as JSON', { data: { path: '/readyz', status: '200' } }, true],
    ['a request', { data: { path: '/api/articles', status: '500' } }, false],
    ['a request for something that has a probe in its name', { data: { path: '/articles/healthz' } }, false],
    ['a line of text', { log: 'the probe of the pump failed' }, false],
  ])('%s', (_, record, left) => {
    expect(isLeftOut(record)).toBe(left);
  });
});

test('pods and nodes each go to a group that is there already, and nothing makes one', () => {
  const [output] = sections(VALUES.additionalOutputs);
  const nodes = Object.fromEntries(output?.settings ?? []);
  expect([VALUES.cloudWatchLogs.logGroupName, nodes.log_group_name]).toEqual([
    '/slipway/dev/pods',
    '/slipway/dev/nodes',
  ]);
  expect(VALUES.cloudWatchLogs.autoCreateGroup).toBe(false);
  expect(nodes).not.toHaveProperty('auto_create_group');
});

test('every input is taken by one output: nothing is sent twice, and nothing is left lying', () => {
  const [node] = sections(VALUES.additionalInputs);
  const tags = ['kube.var.log.containers.a', Object.fromEntries(node?.settings ?? []).Tag?.replace('*', 'a')];
  const [second] = sections(VALUES.additionalOutputs);
  const matches = [VALUES.cloudWatchLogs.match, Object.fromEntries(second?.settings ?? []).Match];
  for (const tag of tags) {
    const taken = matches.filter((match) =>
      new RegExp(`^${match?.replace('.', '\\.').replace('*', '.*')}$`).test(tag ?? ''),
    );
    expect(taken).toHaveLength(1);
  }
});

describe('a node’s disk', () => {
  const texts = [VALUES.service.extraService, VALUES.input.extraInputs, VALUES.additionalInputs].join('\n');

  test('keeps what waits, where a pod that is replaced finds it', () => {
    const state = VALUES.volumes.find(({ name }: { name: string }) => name === 'state').hostPath.path;
    const mount = VALUES.volumeMounts.find(({ name }: { name: string }) => name === 'state');
    expect(mount).toEqual({ name: 'state', mountPath: state });
    for (const [, path = ''] of texts.matchAll(/^\s*(?:DB|storage\.path) (\S+)$/gm))
      expect(path).toContain(`${state}/`);
    expect(VALUES.input.db).toContain(`${state}/`);
    expect([...texts.matchAll(/storage\.type filesystem/g)]).toHaveLength(2);
  });

  test('is not filled by it', () => {
    for (const output of [VALUES.cloudWatchLogs.extraOutputs, VALUES.additionalOutputs]) {
      expect(output).toMatch(/storage\.total_limit_size \d+M/);
      expect(output).toMatch(/Retry_Limit \d+/);
    }
  });

  test('is not written to anywhere else', () => {
    const others = VALUES.volumeMounts.filter(({ name }: { name: string }) => name !== 'state');
    expect(others.every(({ readOnly }: { readOnly?: boolean }) => readOnly)).toBe(true);
  });
});

test('nobody may run programs in pods by its role, and a chart that gives it otherwise is not installed', () => {
  const [{ target, patch }] = RELEASE.postRenderers[0].kustomize.patches;
  expect(target).toEqual({ kind: 'ClusterRole', name: 'fluent-bit' });
  const [check, remove] = JSON.parse(patch);
  expect(check).toEqual({ op: 'test', path: remove.path, value: 'nodes/proxy' });
  expect(remove.op).toBe('remove');
});
