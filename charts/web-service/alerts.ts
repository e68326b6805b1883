// What of a web service is told to somebody, and when. Each alert has its runbook in docs/runbooks/.

import type { Rule } from '../service-objectives.ts';
import { budget, promise } from './error-budget.ts';
import { primaryName } from './pods.ts';
import { type Objective, recorded, servingDeployment, type Window } from './requests.ts';
import type { Settings } from './settings.ts';

/** A pace at which the budget is spent, in how many times faster than it would last. It must hold over both windows. */
interface Pace {
  /** Tells a burst from more than that. */
  long: Window;
  /** Tells what goes on from what is over. */
  short: Window;
  times: number;
}

/**
 * What wakes somebody: 2 % of the budget of 30 days are spent in one hour, or 5 % in six.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ (6: multiwindow, multi-burn-rate alerts)
 */
export const WAKES: readonly Pace[] = [
  { long: '1h', short: '5m', times: 14.4 },
  { long: '6h', short: '30m', times: 6 },
];

/** What can wait for the day: 10 % of the budget are spent in one day, or in three. */
export const WAITS: readonly Pace[] = [
  { long: '1d', short: '2h', times: 3 },
  { long: '3d', short: '6h', times: 1 },
];

/**
 * Bad requests in the long window without which no alert fires. At night one error may be half of the traffic, and nobody
 * is to get up for it; where it goes on, the longer windows tell of it.
 */
const FEWEST_BAD = 10;

/**
 * How long the rates still tell of a version that has been rolled back: the longer short window that wakes, and the five
 * minutes that a rate looks back.
 */
const ECHO = '35m';

/** The alerts of a service. */
export function alerts(settings: Settings): Rule[] {
  const { name, objectives, release } = settings;
  const requests = `of the requests to ${name}`;
  const late = `take longer than ${objectives.inTimeMilliseconds} ms`;
  const failing = budgetAlerts(settings, 'success', 'Failing', `${requests} fail`);
  const slow = budgetAlerts(settings, 'in-time', 'Slow', `${requests} ${late}`);
  const rules = [...failing, ...slow, down(settings), unmeasured(settings)];
  return release.strategy === 'rolling' ? rules : [...rules, ...releaseAlerts(settings)];
}

/** One alert that wakes and one that waits, for an objective that is not kept. */
function budgetAlerts(settings: Settings, objective: Objective, what: string, happens: string): Rule[] {
  const { objectives, release } = settings;
  const promised = `Promised over 30 days: ${promise(objectives, objective)}.`;
  const paces = (all: readonly Pace[]) => all.map((pace) => spends(settings, objective, pace)).join('\nor\n');
  const wakes =
    release.strategy === 'rolling'
      ? paces(WAKES)
      : `(\n${paces(WAKES)}\n)\n${unlessJudged(settings, objective)}`;
  const summary = `{{ $value | humanizePercentage }} ${happens}`;
  const runbook = `web-service-${what.toLowerCase()}`;
  return [
    alert(settings, `WebService${what}`, 'critical', wakes, {
      summary,
      description: `${promised} At this pace the error budget is spent within five days.`,
      runbook,
    }),
    alert(settings, `WebServiceOften${what}`, 'warning', paces(WAITS), {
      summary: `${summary}, taken over a day or three`,
      description: `${promised} At this pace the error budget does not last.`,
      runbook,
    }),
  ];
}

/** Whether the budget is spent at a pace, and by more than a few requests. A service without requests spends none. */
function spends(settings: Settings, objective: Objective, { long, short, times }: Pace): string {
  const limit = `${times} * ${budget(settings.objectives, objective)}`;
  const share = (window: Window) =>
    recorded(`web_service:bad_requests:ratio_rate${window}`, settings, { objective });
  const bad = recorded('web_service:bad_requests:rate5m', settings, { objective });
  return `(
  ${share(long)} > ${limit}
  and
  ${share(short)} > ${limit}
  and
  sum without (deployment) (sum_over_time(${bad}[${long}])) * 60 >= ${FEWEST_BAD}
)`;
}

/**
 * Nobody is woken for what a version does that Flagger judges, or has just rolled back: Flagger sees the same. But if Flagger
 * is away, or the primary is bad by itself, it doesn't help. The requests count against the budget all the same.
 */
function unlessJudged(settings: Settings, objective: Objective): string {
  const of = { objective, deployment: primaryName(settings.name) };
  const bad = recorded('web_service:bad_requests:rate5m', settings, of);
  const all = recorded('web_service:requests:rate5m', settings, of);
  const slowest = Math.min(...WAKES.map(({ times }) => times));
  return `unless on ()
(
  min_over_time(${canary('status', settings)}[${ECHO}]) == ${JUDGED}
  and on ()
  ${canary('status', settings)}
  unless on ()
  ${bad} / (${all} > 0) > ${slowest} * ${budget(settings.objectives, objective)}
)`;
}

/**
 * No pod serves. What reaches no pod is counted by no proxy of the service's, so no objective would tell.
 *
 * That pods crash, are not ready or are at the autoscaler's limit is told by kube-prometheus-stack, for every namespace.
 */
function down(settings: Settings): Rule {
  const { name, namespace } = settings;
  const pods = availablePods(settings);
  return {
    ...alert(settings, 'WebServiceDown', 'critical', `${pods} == 0`, {
      summary: `No pod of ${name} serves: users get errors only`,
      description: `Deployment ${servingDeployment(settings)} in ${namespace} has no pod that is ready.`,
      runbook: 'web-service-down',
    }),
    // Longer than a pod that is there takes to become ready again.
    for: '3m',
  };
}

/** Pods serve, and Prometheus reads none of their proxies: no objective and no release can be judged. */
function unmeasured(settings: Settings): Rule {
  const { name, namespace } = settings;
  const read = `up{namespace="${namespace}", deployment="${servingDeployment(settings)}"} == 1`;
  return {
    ...alert(
      settings,
      'WebServiceUnmeasured',
      'warning',
      `${availablePods(settings)} > 0\nunless on ()\n(${read})`,
      {
        summary: `Nobody measures ${name}: its alerts are silent, and its releases will be rolled back`,
        description: `Prometheus reads no proxy of Deployment ${servingDeployment(settings)} in ${namespace}.`,
        runbook: 'web-service-unmeasured',
      },
    ),
    for: '15m',
  };
}

/** Values of Flagger's status; it has 1 for all that is well. @see https://github.com/fluxcd/flagger/blob/main/pkg/metrics/recorder.go */
export const JUDGED = 0;
export const FAILED = 2;

function releaseAlerts(settings: Settings): Rule[] {
  const { name, namespace } = settings;
  const failed = `max by (namespace) (${canary('status', settings)}) == ${FAILED}`;
  return [
    // Users are well, so it can wait; and it comes after the rollback, which needs nobody.
    alert(settings, 'WebServiceReleaseFailed', 'warning', failed, {
      summary: `The new version of ${name} was rolled back`,
      description: `Flagger found it worse than it may be. Users are on the version before, until a better one comes.`,
      runbook: 'release-failed',
    }),
    alert(
      settings,
      'WebServiceReleaseStuck',
      'critical',
      `max by (namespace) (${canary('weight', settings)}) > 0\nand on ()\n${failed}`,
      {
        summary: `A release of ${name} stopped half-way: all users are on pods that may go at any time`,
        description: `Deployment ${primaryName(name)} in ${namespace} did not become ready with the new version, so Flagger left all users on ${name}, which no disruption budget is for.`,
        runbook: 'release-failed',
      },
    ),
  ];
}

/** Flagger's view of a service's release: its status, or the percent of users on the new version. */
export function canary(what: 'status' | 'weight', { name, namespace }: Settings): string {
  const label = what === 'status' ? 'name' : 'workload';
  return `flagger_canary_${what}{namespace="${namespace}", ${label}="${name}"}`;
}

function availablePods(settings: Settings): string {
  const { namespace } = settings;
  return `kube_deployment_status_replicas_available{namespace="${namespace}", deployment="${servingDeployment(settings)}"}`;
}

/**
 * @param severity `critical` wakes somebody, `warning` waits for the day
 * @param says what a person reads: one line, then what more there is to know, and the file in docs/runbooks/
 */
function alert(
  { name, platform }: Settings,
  title: string,
  severity: 'critical' | 'warning',
  expr: string,
  says: { summary: string; description: string; runbook: string },
): Rule {
  const { summary, description, runbook } = says;
  return {
    alert: title,
    expr,
    labels: { severity, service: name },
    annotations: { summary, description, runbook_url: `${platform.runbooks}/${runbook}.md` },
  };
}
