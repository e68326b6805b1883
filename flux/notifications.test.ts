import { describe, expect, test } from '@jest/globals';
import { evaluate } from '@marcbachmann/cel-js';
import { App, Chart } from 'cdk8s';
import { type NotificationsProps, notifications } from './add-ons/notifications.ts';

const PROPS: NotificationsProps = {
  cluster: 'dev-eu-west-1',
  git: { host: 'github', url: 'https://github.com/slipway/slipway', context: 'flux/dev-eu-west-1' },
  store: 'store',
  dependsOn: ['stores'],
};

function objects(props: Partial<NotificationsProps> = {}): any[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'flux-system' });
  notifications({ ...PROPS, ...props }).objects(chart);
  return chart.toJson();
}

const find = (all: any[], kind: string, name?: string) =>
  all.find((object) => object.kind === kind && (name === undefined || object.metadata.name === name));

describe('on a commit', () => {
  test('the status is named after the cluster and the Kustomization', () => {
    const { spec } = find(objects(), 'Provider');
    expect(spec).toMatchObject({ type: 'github', address: 'https://github.com/slipway/slipway' });
    const event = { involvedObject: { kind: 'Kustomization', name: 'conduit' } };
    expect(evaluate(spec.commitStatusExpr, { event })).toBe('flux/dev-eu-west-1/conduit');
  });

  test('success and failure are both told, of every Kustomization', () => {
    expect(find(objects(), 'Alert').spec).toEqual({
      providerRef: { name: 'commits' },
      eventSeverity: 'info',
      eventSources: [{ kind: 'Kustomization', name: '*' }],
    });
  });
});

describe('people are told', () => {
  const telling = (alerts: NotificationsProps['alerts']) => objects({ alerts });

  test.each([
    ['slack', 'slack'],
    ['msteams', 'msteams'],
    ['webhook', 'generic'],
  ] as const)('by %s', (to, type) => {
    expect(find(telling({ to }), 'Provider', 'failures').spec).toEqual({
      type,
      secretRef: { name: 'alerts' },
    });
  });

  test('in the channel that is named, of failures, and on which cluster', () => {
    const all = telling({ to: 'slack', channel: '#releases' });
    expect(find(all, 'Provider', 'failures').spec.channel).toBe('#releases');
    expect(find(all, 'Alert', 'failures').spec).toMatchObject({
      eventSeverity: 'error',
      eventMetadata: { cluster: 'dev-eu-west-1' },
    });
  });
});

test('the git host tells of pushes, signed, at an address of the cluster', () => {
  const all = objects({ receiverHost: 'flux-dev-eu-west-1.dev.slipway.example' });
  expect(find(all, 'Receiver').spec).toEqual({
    type: 'github',
    events: ['ping', 'push'],
    secretRef: { name: 'git-webhook' },
    resources: [{ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', name: 'flux-system' }],
  });
  const [rule] = find(all, 'Ingress').spec.rules;
  expect(rule.host).toBe('flux-dev-eu-west-1.dev.slipway.example');
  expect(rule.http.paths[0]).toMatchObject({
    path: '/hook',
    backend: { service: { name: 'webhook-receiver' } },
  });
});

test.each<[string, Partial<NotificationsProps>]>([
  ['nothing but commits', {}],
  ['everything', { alerts: { to: 'slack' }, receiverHost: 'flux.example.com', pullSecret: true }],
])('each secret that is named is there, with %s', (_, props) => {
  const all = objects(props);
  const made = all.filter(({ kind }) => kind === 'ExternalSecret').map(({ metadata }) => metadata.name);
  const named = all.flatMap(({ spec }) => spec.secretRef?.name ?? []);
  expect(made.filter((name) => name !== 'registry').sort()).toEqual(named.sort());
  for (const { spec } of all.filter(({ kind }) => kind === 'ExternalSecret')) {
    expect(spec.dataFrom[0].extract.key).toMatch(/^dev-eu-west-1\/platform\//);
  }
});
