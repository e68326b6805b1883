import { describe, expect, test } from '@jest/globals';
import { type AlertTarget, alertmanagerValues } from './alertmanager.ts';

interface Route {
  receiver: string;
  matchers?: string[];
  group_wait?: string;
}

/** Whether Alertmanager's matchers hold: `name = value`, `name =~ "pattern"`. */
function holds(matchers: readonly string[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every((matcher) => {
    const [, name = '', operator, value = ''] = /^(\w+) (=~?) "?([^"]*)"?$/.exec(matcher) ?? [];
    if (operator === undefined) throw new Error(`no matcher: ${matcher}`);
    const own = labels[name] ?? '';
    return operator === '=' ? own === value : new RegExp(`^(?:${value})$`).test(own);
  });
}

/** The route that an alert takes: the first below the root that it fits, else the root. */
function routeOf(target: AlertTarget | undefined, labels: Readonly<Record<string, string>>): Route {
  const { route } = alertmanagerValues(target, true).config;
  return route.routes.find(({ matchers = [] }) => holds(matchers, labels)) ?? route;
}

const receivers = (target: AlertTarget | undefined): any[] =>
  alertmanagerValues(target, true).config.receivers;

describe('an alert', () => {
  test.each<[string, Record<string, string>, string]>([
    ['that wakes goes to people', { alertname: 'EdgeFailing', severity: 'critical' }, 'people'],
    ['that waits goes to people', { alertname: 'NodeNotReady', severity: 'warning' }, 'people'],
    ['for information goes to nobody', { alertname: 'KubeletX', severity: 'info' }, 'nobody'],
    ['that is always on goes to nobody', { alertname: 'Watchdog', severity: 'none' }, 'nobody'],
  ])('%s', (_, labels, receiver) => {
    expect(routeOf({ to: 'slack' }, labels).receiver).toBe(receiver);
  });

  test('that wakes is told sooner than others', () => {
    expect(routeOf({ to: 'slack' }, { severity: 'critical' }).group_wait).toBe('10s');
    expect(routeOf({ to: 'slack' }, { severity: 'warning' }).group_wait).toBe('30s');
  });

  test('stays in Alertmanager where the config names nobody', () => {
    expect(routeOf(undefined, { severity: 'critical' }).receiver).toBe('nobody');
    expect(receivers(undefined)).toEqual([{ name: 'nobody' }]);
    expect(alertmanagerValues(undefined, true).alertmanagerSpec.secrets).toEqual([]);
  });
});

describe('the address is read from the Secret, and stands in no value', () => {
  const FILE = '/etc/alertmanager/secrets/alerts/address';
  test.each<[AlertTarget, object]>([
    [
      { to: 'slack', channel: '#alerts' },
      { slack_configs: [expect.objectContaining({ api_url_file: FILE, channel: '#alerts' })] },
    ],
    [{ to: 'msteams' }, { msteamsv2_configs: [expect.objectContaining({ webhook_url_file: FILE })] }],
    [{ to: 'webhook' }, { webhook_configs: [{ url_file: FILE, send_resolved: true }] }],
  ])('$to', (target, expected) => {
    expect(receivers(target)).toEqual([{ name: 'nobody' }, { name: 'people', ...expected }]);
    expect(alertmanagerValues(target, true).alertmanagerSpec.secrets).toEqual(['alerts']);
  });
});

test('every receiver that is named is there', () => {
  for (const target of [undefined, { to: 'slack' as const }]) {
    const { route } = alertmanagerValues(target, false).config;
    const names = receivers(target).map(({ name }) => name);
    for (const { receiver } of [route, ...route.routes]) expect(names).toContain(receiver);
  }
});

describe('of one trouble somebody is told once', () => {
  const inhibits = (source: Record<string, string>, target: Record<string, string>) =>
    (alertmanagerValues(undefined, true).config.inhibit_rules as any[]).some(
      ({ source_matchers, target_matchers, equal }) =>
        holds(source_matchers, source) &&
        holds(target_matchers, target) &&
        equal.every((label: string) => (source[label] ?? '') === (target[label] ?? '')),
    );
  const failing = {
    alertname: 'WebServiceFailing',
    severity: 'critical',
    namespace: 'shop',
    service: 'shop',
  };
  const often = { ...failing, alertname: 'WebServiceOftenFailing', severity: 'warning' };

  test('by the alert that wakes, and not by the slower one of the same service', () => {
    expect(inhibits(failing, often)).toBe(true);
    expect(inhibits(failing, { ...often, service: 'cart' })).toBe(false);
    expect(inhibits(often, failing)).toBe(false);
  });

  test('and of another all the same', () => {
    expect(inhibits(failing, { ...often, alertname: 'WebServiceOftenSlow' })).toBe(false);
    expect(inhibits(failing, { ...failing, alertname: 'WebServiceDown' })).toBe(false);
  });
});
