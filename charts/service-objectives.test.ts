import { describe, expect, test } from '@jest/globals';
import type { ReleaseStrategy } from './release-strategy.ts';
import { evaluate } from './testing/promql/evaluate.ts';
import { parsePromql } from './testing/promql/parse.ts';
import type { Rule } from './testing/promql/rules.ts';
import { objectsOf, SHOP } from './testing/sample.ts';
import { type Minute, type Requests, run, type Told, told } from './testing/traffic.ts';
import type { Objectives } from './web-service/error-budget.ts';
import type { WebServiceProps } from './web-service.ts';

/** The rules of a service called `shop`. */
function rulesOf(props: Partial<WebServiceProps> = {}): Rule[] {
  const objects = objectsOf({ ...SHOP, ...props } as WebServiceProps) as any[];
  const [{ spec }] = objects.filter(({ kind }) => kind === 'PrometheusRule');
  expect(spec.groups).toHaveLength(1);
  return spec.groups[0].rules;
}

const ROLLING: ReleaseStrategy = { strategy: 'rolling' };
const HOUR = 60;

/** Ten requests a second to the primary. */
function primary(requests: Partial<Requests> = {}): Requests {
  return { deployment: 'shop-primary', perSecond: 10, ...requests };
}

/** A service between releases, with pods that are well. */
function served(...requests: Requests[]): Minute {
  return { requests, canary: { status: 1, weight: 0 }, pods: { 'shop-primary': 2, shop: 0 } };
}

/** A release, with a share of ten requests a second on the new version. */
function judged(weight: number, onNew: Partial<Requests>, onOld: Partial<Requests> = {}): Minute {
  return {
    requests: [
      primary({ perSecond: (10 * (100 - weight)) / 100, ...onOld }),
      { deployment: 'shop', perSecond: (10 * weight) / 100, ...onNew },
    ],
    canary: { status: 0, weight },
    pods: { 'shop-primary': 2, shop: 2 },
  };
}

/** What wakes somebody: alerts for the day have seen no more than the test's few hours, and are soon there. */
function wakes(rules: readonly Rule[], minutes: number, world: (minute: number) => Minute): Told[] {
  const critical = rules.filter(({ labels }) => labels?.severity === 'critical').map(({ alert }) => alert);
  return told(rules, minutes, world).filter(({ alert }) => critical.includes(alert));
}

const names = (rules: readonly Rule[], minutes: number, world: (minute: number) => Minute) =>
  told(rules, minutes, world).map(({ alert }) => alert);

describe('nobody is told of a service', () => {
  test('that users are content with', () => {
    expect(told(rulesOf(), 8 * HOUR, () => served(primary({ failing: 0.005, late: 0.005 })))).toEqual([]);
  });

  test('that no user has ever asked for anything', () => {
    const { series } = run(rulesOf(), 2 * HOUR, () => served());
    expect(names(rulesOf(), 2 * HOUR, () => served())).toEqual([]);
    // No numbers, rather than the shares of nothing, which are none.
    expect(series.filter(({ labels }) => labels.__name__?.startsWith('web_service:'))).toEqual([]);
  });

  test('that users have gone home from', () => {
    const { series } = run(rulesOf(), 4 * HOUR, (minute) =>
      served(primary({ perSecond: minute < HOUR ? 10 : 0 })),
    );
    const shares = series.filter(({ labels }) => labels.__name__?.includes('ratio_rate'));
    expect(shares).toHaveLength(14);
    for (const { samples } of shares) expect(samples.filter(({ value }) => Number.isNaN(value))).toEqual([]);
    expect(
      names(rulesOf(), 4 * HOUR, (minute) => served(primary({ perSecond: minute < HOUR ? 10 : 0 }))),
    ).toEqual([]);
  });

  test('at night for one error among the few requests there are', () => {
    // One request in two minutes; in the second hour two of them fail.
    const world = (minute: number) =>
      served(primary({ perSecond: 1 / 120, failing: minute >= HOUR && minute < HOUR + 4 ? 1 : 0 }));
    expect(names(rulesOf(), 7 * HOUR, world)).toEqual([]);
  });

  test('when it is the load tester that gets errors', () => {
    const test = primary({ failing: 1, late: 1, caller: 'load-account.flagger-system' });
    expect(names(rulesOf(), 2 * HOUR, () => served(primary(), test))).toEqual([]);
  });

  test('for a peak of errors that is over when somebody could be there', () => {
    // Six minutes are less than 1 % of half a day.
    const from = 12 * HOUR;
    const world = (minute: number) =>
      served(primary({ failing: minute >= from && minute < from + 6 ? 1 : 0 }));
    expect(names(rulesOf(), from + HOUR, world)).toEqual([]);
  });
});

describe('somebody is woken', () => {
  test.each([
    // 14.4 % of an hour are 8.6 minutes, and the rates of five minutes take some more to rise.
    ['for an outage, within eleven minutes', 1, 11],
    ['for a fifth of the requests, within three quarters of an hour', 0.2, 46],
    // 6 % of six hours at one tenth are 3.6 hours.
    ['for a tenth, in less than four hours', 0.1, 4 * HOUR],
  ])('%s, and it ends with it', (_, failing, within) => {
    const from = 7 * HOUR;
    const to = from + within + 10;
    const world = (minute: number) =>
      served(primary({ failing: minute >= from && minute < to ? failing : 0 }));
    const [only, ...others] = wakes(rulesOf(), to + HOUR, world);
    expect(only?.alert).toBe('WebServiceFailing');
    expect(only?.from).toBeGreaterThan(from);
    expect(only?.from).toBeLessThanOrEqual(from + within);
    expect(only?.to).toBeLessThanOrEqual(to + 36);
    expect(others).toEqual([]);
  });

  test('for answers that come late, and not for the errors that there are none of', () => {
    const world = (minute: number) => served(primary({ late: minute < HOUR ? 0 : 1 }));
    expect(wakes(rulesOf(), 2 * HOUR, world).map(({ alert }) => alert)).toEqual(['WebServiceSlow']);
  });

  test('at night too, when errors go on', () => {
    const world = (minute: number) =>
      served(primary({ perSecond: 1 / 120, failing: minute >= HOUR ? 1 : 0 }));
    const [first] = wakes(rulesOf(), 7 * HOUR, world);
    expect(first).toMatchObject({ alert: 'WebServiceFailing' });
    // Ten errors at one in two minutes.
    expect(first?.from).toBeGreaterThanOrEqual(HOUR + 20);
    expect(first?.from).toBeLessThanOrEqual(HOUR + 30);
  });

  test('when no pod is ready, though no proxy counts an error then', () => {
    const world = (minute: number): Minute =>
      minute < 10 ? served(primary()) : { ...served(), pods: { 'shop-primary': 0, shop: 0 } };
    expect(told(rulesOf(), HOUR, world)).toEqual([{ alert: 'WebServiceDown', from: 13, to: undefined }]);
  });

  test('when a release stopped half-way', () => {
    const world = (minute: number): Minute => ({
      ...judged(100, {}),
      canary: minute < 10 ? { status: 0, weight: 50 } : { status: 2, weight: 100 },
    });
    expect(names(rulesOf(), HOUR, world).sort()).toEqual([
      'WebServiceReleaseFailed',
      'WebServiceReleaseStuck',
    ]);
  });
});

describe('what can wait is told as such', () => {
  test('errors that spend the budget within the month', () => {
    // Twice what is allowed: too little for a day's window, enough for three days'.
    const all = told(rulesOf(), 12 * HOUR, (minute) => served(primary({ failing: minute < 60 ? 0 : 0.02 })));
    expect(all.map(({ alert }) => alert)).toEqual(['WebServiceOftenFailing']);
  });

  test('pods whose proxies nobody reads', () => {
    const world = (minute: number): Minute => ({ ...served(), read: minute < 10 ? ['shop-primary'] : [] });
    expect(told(rulesOf(), HOUR, world)).toEqual([
      { alert: 'WebServiceUnmeasured', from: 25, to: undefined },
    ]);
  });
});

describe('a new version that is worse', () => {
  const strict: Objectives = { successPercent: 99.9, inTimePercent: 99.9 };
  /** Half of the users get errors only, for as long as five failed checks take; then all are back. */
  const rolledBack = (minute: number): Minute => {
    if (minute < HOUR) return served(primary());
    if (minute < HOUR + 7) return judged(50, { failing: 1 });
    return { ...served(primary()), canary: { status: 2, weight: 0 } };
  };

  test('is rolled back by itself: nobody is woken, and somebody is told afterwards', () => {
    const all = told(rulesOf({ objectives: strict }), 4 * HOUR, rolledBack);
    expect(all).toContainEqual({ alert: 'WebServiceReleaseFailed', from: HOUR + 7, to: undefined });
    expect(all.map(({ alert }) => alert)).not.toContain('WebServiceFailing');
  });

  test('would wake somebody if Flagger were not there to roll it back', () => {
    const alone = (minute: number): Minute => {
      const { canary: _, ...rest } = rolledBack(minute);
      return rest;
    };
    expect(names(rulesOf({ objectives: strict }), 2 * HOUR, alone)).toContain('WebServiceFailing');
  });

  test('wakes somebody when Flagger goes away and leaves it to the users', () => {
    const world = (minute: number): Minute => {
      if (minute < HOUR) return served(primary());
      const { canary, ...rest } = judged(50, { failing: 1 });
      return minute < HOUR + 3 ? { canary, ...rest } : rest;
    };
    const [first] = wakes(rulesOf({ objectives: strict }), 2 * HOUR, world);
    expect(first?.alert).toBe('WebServiceFailing');
    // As soon as Prometheus no longer takes what Flagger said last for what it says.
    expect(first?.from).toBeLessThanOrEqual(HOUR + 9);
  });

  test('counts against the budget all the same', () => {
    const { series } = run(rulesOf(), HOUR + 30, rolledBack);
    const [share] = evaluate(
      parsePromql('web_service:bad_requests:ratio_rate1h{objective="success"}'),
      series,
      (HOUR + 29) * 60 + 30,
    );
    // Half of the requests in 7 of 60 minutes.
    expect(share?.value).toBeCloseTo((0.5 * 7) / 60, 2);
  });

  test('keeps nobody asleep whose primary fails too', () => {
    const world = (minute: number): Minute =>
      minute < HOUR ? served(primary()) : judged(10, { failing: 1 }, { failing: 1 });
    const [first] = wakes(rulesOf(), 2 * HOUR, world);
    expect(first).toMatchObject({ alert: 'WebServiceFailing' });
    expect(first?.from).toBeLessThanOrEqual(HOUR + 10);
  });

  test('is not looked for where Flagger does not release', () => {
    const rules = rulesOf({ release: ROLLING });
    expect(rules.map(({ alert }) => alert)).not.toContain('WebServiceReleaseFailed');
    for (const { expr } of rules) expect(expr).not.toContain('flagger_');
  });
});

describe('the rules', () => {
  const rules = rulesOf();
  const byName = (name: string) => rules.find(({ alert, record }) => alert === name || record === name);

  test('evaluate once a minute, which what they count relies on', () => {
    const objects = objectsOf(SHOP) as any[];
    expect(objects.find(({ kind }) => kind === 'PrometheusRule').spec.groups[0]).toMatchObject({
      name: 'shop/shop',
      interval: '1m',
    });
  });

  test('look at long windows in what was recorded, never in the numbers of every pod', () => {
    for (const { expr } of rules) {
      for (const [range = ''] of String(expr).matchAll(/[\w:]+\{[^{}]*\}\[\w+\]/g)) {
        const raw = !range.startsWith('web_service:') && !range.startsWith('flagger_');
        expect(raw ? range.endsWith('[5m]') : true).toBe(true);
      }
    }
  });

  test('are in plain letters: one other sign makes a compile hold, and write, the whole file at twice its size', () => {
    for (const release of [ROLLING, { strategy: 'canary' }] as const) {
      const objects = objectsOf({ ...SHOP, release } as WebServiceProps);
      for (const object of objects.filter(({ kind }) => kind === 'PrometheusRule' || kind === 'ConfigMap')) {
        expect(JSON.stringify(object)).toMatch(/^[ -~]*$/);
      }
    }
  });

  test('take the windows and paces of the SRE workbook, times what may fail', () => {
    const found = ['WebServiceFailing', 'WebServiceOftenFailing'].flatMap((name) =>
      [...String(byName(name)?.expr).matchAll(/ratio_rate(\w+)\{[^}]*\} > ([\d.]+ \* [\d.]+)/g)].map(
        ([, window, limit]) => `${window} ${limit}`,
      ),
    );
    expect(found).toEqual([
      '1h 14.4 * 0.01',
      '5m 14.4 * 0.01',
      '6h 6 * 0.01',
      '30m 6 * 0.01',
      '1d 3 * 0.01',
      '2h 3 * 0.01',
      '3d 1 * 0.01',
      '6h 1 * 0.01',
    ]);
  });

  test('follow the objectives of the service', () => {
    const own = rulesOf({
      objectives: { successPercent: 99.9, inTimePercent: 95, inTimeMilliseconds: 200 },
      port: 3000,
    });
    const text = (name: string) => String(own.find(({ alert }) => alert === name)?.expr);
    expect(text('WebServiceFailing')).toContain('> 14.4 * 0.001\n');
    expect(text('WebServiceSlow')).toContain('> 14.4 * 0.05\n');
    // As a proxy says it, and as Prometheus 3 writes it down.
    expect(String(own[3]?.expr)).toContain('le=~"200([.]0)?"');
    expect(String(own[0]?.expr)).toContain('target_port="3000"');
  });

  test('say in every alert how bad it is, whose it is, what a person sees, and what to do', () => {
    const alerts = rules.filter(({ alert }) => alert !== undefined) as any[];
    expect(alerts.map(({ alert, labels }) => `${alert}: ${labels.severity}`)).toEqual([
      'WebServiceFailing: critical',
      'WebServiceOftenFailing: warning',
      'WebServiceSlow: critical',
      'WebServiceOftenSlow: warning',
      'WebServiceDown: critical',
      'WebServiceUnmeasured: warning',
      'WebServiceReleaseFailed: warning',
      'WebServiceReleaseStuck: critical',
    ]);
    for (const { labels, annotations } of alerts) {
      expect(labels.service).toBe('shop');
      expect(annotations.summary).toContain('shop');
      expect(annotations.description).not.toBe('');
      expect(annotations.runbook_url).toMatch(
        /^https:\/\/git\.example\.com\/shop\/blob\/main\/docs\/runbooks\/[a-z-]+\.md$/,
      );
    }
  });

  test('are these for the errors of a service with nothing but its defaults', () => {
    expect(rules.filter((_, index) => index < 2)).toEqual([
      {
        record: 'web_service:requests:rate5m',
        labels: { service: 'shop', objective: 'success' },
        // By version; what the load tester sends is no user's, and probes come to another port.
        expr: 'sum by (namespace, deployment) (rate(response_total{namespace="shop", deployment=~"shop|shop-primary", direction="inbound", target_port="8080", client_id!="load-account.flagger-system.serviceaccount.identity.linkerd.cluster.local"}[5m]))',
      },
      {
        record: 'web_service:bad_requests:rate5m',
        labels: { service: 'shop', objective: 'success' },
        // A pod that has never failed has no series of failures: 0 times all of its requests stands for it.
        expr: [
          'sum by (namespace, deployment) (rate(response_total{namespace="shop", deployment=~"shop|shop-primary", direction="inbound", target_port="8080", client_id!="load-account.flagger-system.serviceaccount.identity.linkerd.cluster.local", classification="failure"}[5m]))',
          'or',
          '0 * sum by (namespace, deployment) (rate(response_total{namespace="shop", deployment=~"shop|shop-primary", direction="inbound", target_port="8080", client_id!="load-account.flagger-system.serviceaccount.identity.linkerd.cluster.local"}[5m]))',
        ].join('\n'),
      },
    ]);
    expect(byName('web_service:bad_requests:ratio_rate1h')).toEqual({
      record: 'web_service:bad_requests:ratio_rate1h',
      // Where there were no requests there is no share, instead of one that is no number.
      expr: [
        'sum without (deployment) (sum_over_time(web_service:bad_requests:rate5m{namespace="shop", service="shop"}[1h]))',
        '/',
        '(sum without (deployment) (sum_over_time(web_service:requests:rate5m{namespace="shop", service="shop"}[1h])) > 0)',
      ].join('\n'),
    });
    expect(byName('WebServiceFailing')).toEqual({
      alert: 'WebServiceFailing',
      labels: { severity: 'critical', service: 'shop' },
      annotations: {
        summary: '{{ $value | humanizePercentage }} of the requests to shop fail',
        description:
          'Promised over 30 days: 99 % of the requests succeed. At this pace the error budget is spent within five days.',
        runbook_url: 'https://git.example.com/shop/blob/main/docs/runbooks/web-service-failing.md',
      },
      expr: `(
(
  web_service:bad_requests:ratio_rate1h{namespace="shop", service="shop", objective="success"} > 14.4 * 0.01
  and
  web_service:bad_requests:ratio_rate5m{namespace="shop", service="shop", objective="success"} > 14.4 * 0.01
  and
  sum without (deployment) (sum_over_time(web_service:bad_requests:rate5m{namespace="shop", service="shop", objective="success"}[1h])) * 60 >= 10
)
or
(
  web_service:bad_requests:ratio_rate6h{namespace="shop", service="shop", objective="success"} > 6 * 0.01
  and
  web_service:bad_requests:ratio_rate30m{namespace="shop", service="shop", objective="success"} > 6 * 0.01
  and
  sum without (deployment) (sum_over_time(web_service:bad_requests:rate5m{namespace="shop", service="shop", objective="success"}[6h])) * 60 >= 10
)
)
unless on ()
(
  min_over_time(flagger_canary_status{namespace="shop", name="shop"}[35m]) == 0
  and on ()
  flagger_canary_status{namespace="shop", name="shop"}
  unless on ()
  web_service:bad_requests:rate5m{namespace="shop", service="shop", objective="success", deployment="shop-primary"} / (web_service:requests:rate5m{namespace="shop", service="shop", objective="success", deployment="shop-primary"} > 0) > 6 * 0.01
)`,
    });
  });
});
