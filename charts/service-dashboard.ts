import { createHash } from 'node:crypto';
import { KubeConfigMap } from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from './custom-resource.ts';
import { DASHBOARD_LABEL, dashboardJson, type Panel, type Query, type Section } from './grafana.ts';
import { type PropProblem, refusal } from './props-error.ts';
import { canary, FAILED, JUDGED, WAITS, WAKES } from './web-service/alerts.ts';
import { budget, promise } from './web-service/error-budget.ts';
import { primaryName } from './web-service/pods.ts';
import type { WebServiceProps } from './web-service/props.ts';
import { byUsers, type Objective, recorded, servingDeployment } from './web-service/requests.ts';
import type { Settings } from './web-service/settings.ts';

/** A picture of what a service measures itself, over all its pods. */
export interface OwnPanel {
  title: string;
  /** @default a plain number; for a counter, that many a second */
  unit?: 'percentunit' | 's' | 'bytes';
  /** What is drawn. */
  lines: readonly [OwnLine, ...OwnLine[]];
}

/** One metric of the service's own: a line, or one for each value of a label. */
export interface OwnLine {
  /** Its name, as Prometheus has it: `http_server_active_requests`. */
  metric: string;
  /** A counter is drawn as what is added each second. */
  type: 'counter' | 'gauge';
  /** What becomes of the pods' values: their sum, or the highest. @default sum */
  over?: 'sum' | 'max';
  /** The label by which it is told apart. @default none */
  by?: string;
  /** What the line is called. @default the value of `by`, or else the metric */
  name?: string;
}

/** Grafana's own: as wide as the resolution, and never too short for two scrapes. */
const RATE_WINDOW = '$__rate_interval';

/** What in a service's own panels makes no sense. */
export function panelProblems({ panels = [], management }: WebServiceProps): PropProblem[] {
  if (panels.length > 0 && management?.metrics === false) {
    return [{ path: 'panels', says: 'draw metrics, and by "management.metrics" it has none; leave one out' }];
  }
  return panels.flatMap(({ lines }, index) =>
    lines.flatMap(({ metric, by }, at) => [
      ...nameProblems(`panels[${index}].lines[${at}].metric`, metric),
      ...nameProblems(`panels[${index}].lines[${at}].by`, by),
    ]),
  );
}

function nameProblems(path: string, name: string | undefined): PropProblem[] {
  if (name === undefined || /^[a-zA-Z_]\w*$/.test(name)) return [];
  return [refusal(path, name, 'a name as Prometheus has it: letters, digits and "_"')];
}

/**
 * Shows a service in Grafana: whether it keeps its objectives, what a release does to its users, and what its pods have left.
 *
 * The pods don't name the ConfigMap, so Flagger does not take a change of it for a release.
 */
export function addDashboard(scope: Construct, settings: Settings): void {
  const { name, namespace } = settings;
  // No name of Kubernetes' holds "_", so that no two services have the same.
  const unique = `${namespace}_${name}`;
  new CoreResource(scope, 'dashboard', KubeConfigMap, {
    metadata: { name: `${name}-dashboard`, labels: { [DASHBOARD_LABEL]: '1' } },
    data: {
      // The sidecar puts the dashboards of all namespaces into one folder.
      [`${unique}.json`]: dashboardJson({
        uid: unique.length <= 40 ? unique : createHash('sha256').update(unique).digest('hex').slice(0, 40),
        title: `${namespace} / ${name}`,
        tags: ['web-service', namespace],
        ...(isJudged(settings) && {
          shading: { name: 'Release', expr: `max(${canary('status', settings)}) == ${JUDGED}` },
        }),
        sections: sections(settings),
      }),
    },
  });
}

function sections(settings: Settings): Section[] {
  const own = settings.panels.map((panel) => ownPanel(settings, panel));
  return [
    { title: 'What is promised', panels: objectives(settings) },
    { title: 'What users get', panels: requests(settings) },
    ...(isJudged(settings) ? [{ title: 'The release', panels: release(settings) }] : []),
    { title: 'The pods', panels: pods(settings) },
    ...(own.length > 0 ? [{ title: 'What the service says itself', panels: own }] : []),
  ];
}

function isJudged({ release }: Settings): boolean {
  return release.strategy !== 'rolling';
}

function objectives(settings: Settings): Panel[] {
  const left = (objective: Objective): Panel => {
    const spent = (rate: Parameters<typeof recorded>[0]) =>
      `sum(sum_over_time(${recorded(rate, settings, { objective })}[30d]))`;
    return {
      title: objective === 'success' ? 'Error budget left: failures' : 'Error budget left: delays',
      description: `Promised: ${promise(settings.objectives, objective)}. Over 30 days, or as long as Prometheus looks back.`,
      type: 'stat',
      width: 6,
      unit: 'percentunit',
      steps: [{ color: 'red' }, { from: 0, color: 'orange' }, { from: 0.25, color: 'green' }],
      queries: [
        {
          legend: 'left',
          expr: `1 - ${spent('web_service:bad_requests:rate5m')} / (${spent('web_service:requests:rate5m')} > 0) / ${budget(settings.objectives, objective)}`,
        },
      ],
    };
  };
  const pace = (objective: Objective, window: '1h' | '6h'): Query => ({
    legend: `${objective === 'success' ? 'failures' : 'delays'}, ${window}`,
    expr: `${recorded(`web_service:bad_requests:ratio_rate${window}`, settings, { objective })} / ${budget(settings.objectives, objective)}`,
  });
  const [fast, slow] = WAKES.map(({ times }) => times).sort((a, b) => b - a);
  return [
    left('success'),
    left('in-time'),
    ...(isJudged(settings) ? stateOfRelease(settings) : []),
    {
      title: 'How fast the error budget is spent',
      description: `In times as fast as it would last. Somebody is woken from ${fast} on for an hour, or ${slow} for six; from ${WAITS.map(({ times }) => times).join(' or ')} on it is told.`,
      type: 'timeseries',
      width: 24,
      min: 0,
      steps: [
        { color: 'transparent' },
        { from: 1, color: 'green' },
        { from: slow ?? 0, color: 'orange' },
        { from: fast ?? 0, color: 'red' },
      ],
      queries: (['1h', '6h'] as const).flatMap((window) => [
        pace('success', window),
        pace('in-time', window),
      ]),
    },
  ];
}

/** How Flagger's status is shown. It has one value for all that is well. */
const STATES = {
  [JUDGED]: { text: 'judged', color: 'blue' },
  1: { text: 'well', color: 'green' },
  [FAILED]: { text: 'rolled back', color: 'red' },
} as const;

function stateOfRelease(settings: Settings): Panel[] {
  return [
    {
      title: 'Release',
      type: 'stat',
      width: 6,
      names: STATES,
      queries: [{ legend: 'release', expr: `max(${canary('status', settings)})` }],
    },
    {
      title: 'Users on the new version',
      type: 'stat',
      width: 6,
      unit: 'percent',
      // Grafana's own would be red from 80 on.
      steps: [{ color: 'blue' }],
      queries: [{ legend: 'weight', expr: `max(${canary('weight', settings)})` }],
    },
  ];
}

function requests(settings: Settings): Panel[] {
  const users = byUsers(settings);
  const rate = (name: 'requests' | 'bad_requests') =>
    recorded(`web_service:${name}:rate5m`, settings, { objective: 'success' });
  const quantile = (share: number, by: string) =>
    `histogram_quantile(${share}, sum by (${by}) (rate(response_latency_ms_bucket{${users}}[${RATE_WINDOW}])))`;
  const { inTimeMilliseconds } = settings.objectives;
  return [
    {
      title: 'Requests',
      type: 'timeseries',
      width: 8,
      unit: 'reqps',
      min: 0,
      queries: [
        {
          legend: '{{deployment}}',
          expr: `sum by (deployment) (rate(response_total{${users}}[${RATE_WINDOW}]))`,
        },
      ],
    },
    {
      title: 'Success rate',
      description: `Promised: ${promise(settings.objectives, 'success')}.`,
      type: 'timeseries',
      width: 8,
      unit: 'percentunit',
      max: 1,
      steps: [{ color: 'red' }, { from: 1 - budget(settings.objectives, 'success'), color: 'transparent' }],
      queries: [
        { legend: '{{deployment}}', expr: `1 - ${rate('bad_requests')} / (${rate('requests')} > 0)` },
      ],
    },
    {
      title: 'Response times',
      description: `Promised: ${promise(settings.objectives, 'in-time')}.`,
      type: 'timeseries',
      width: 8,
      unit: 'ms',
      min: 0,
      steps: [{ color: 'transparent' }, { from: inTimeMilliseconds, color: 'red' }],
      queries: [
        { legend: 'P50', expr: quantile(0.5, 'le') },
        { legend: 'P95', expr: quantile(0.95, 'le') },
        { legend: 'P99 {{deployment}}', expr: quantile(0.99, 'deployment, le') },
      ],
    },
  ];
}

function release(settings: Settings): Panel[] {
  const { name, namespace } = settings;
  return [
    {
      title: 'Share of the users',
      type: 'timeseries',
      width: 12,
      unit: 'percent',
      min: 0,
      max: 100,
      queries: [
        {
          legend: '{{workload}}',
          expr: `max by (workload) (flagger_canary_weight{namespace="${namespace}", workload=~"${name}|${primaryName(name)}"})`,
        },
      ],
    },
    {
      title: 'Phase',
      type: 'state-timeline',
      width: 12,
      names: STATES,
      queries: [{ legend: name, expr: `max(${canary('status', settings)})` }],
    },
  ];
}

function pods(settings: Settings): Panel[] {
  const { name, namespace } = settings;
  const autoscaler = `{namespace="${namespace}", horizontalpodautoscaler="${servingDeployment(settings)}"}`;
  const container = `namespace="${namespace}", container="${name}"`;
  // The name of a pod: its Deployment's, one part for the version, one for itself.
  const versions = isJudged(settings) ? [primaryName(name), name] : [name];
  const each = (query: (pods: string) => string): Query[] =>
    versions.map((version) => ({
      legend: version,
      expr: query(`{${container}, pod=~"${version}-[^-]+-[^-]+"}`),
    }));
  return [
    {
      title: 'Pods',
      type: 'timeseries',
      width: 8,
      min: 0,
      queries: [
        {
          legend: '{{deployment}}',
          expr: `max by (deployment) (kube_deployment_status_replicas_ready{namespace="${namespace}", deployment=~"${versions.join('|')}"})`,
        },
        { legend: 'wanted', expr: `max(kube_horizontalpodautoscaler_status_desired_replicas${autoscaler})` },
        { legend: 'at most', expr: `max(kube_horizontalpodautoscaler_spec_max_replicas${autoscaler})` },
      ],
    },
    {
      title: 'CPU of a pod',
      description: 'Cores, on average over the pods.',
      type: 'timeseries',
      width: 8,
      min: 0,
      queries: [
        ...each((pods) => `avg(rate(container_cpu_usage_seconds_total${pods}[${RATE_WINDOW}]))`),
        {
          legend: 'asked for',
          expr: `max(kube_pod_container_resource_requests{${container}, resource="cpu"})`,
        },
      ],
    },
    {
      title: 'Memory of a pod',
      description: 'Of the pod that has the most.',
      type: 'timeseries',
      width: 8,
      unit: 'bytes',
      min: 0,
      queries: [
        ...each((pods) => `max(container_memory_working_set_bytes${pods})`),
        { legend: 'limit', expr: `max(kube_pod_container_resource_limits{${container}, resource="memory"})` },
      ],
    },
  ];
}

function ownPanel({ name, namespace }: Settings, { title, unit, lines }: OwnPanel): Panel {
  return {
    title,
    type: 'timeseries',
    width: 8,
    ...(unit && { unit }),
    min: 0,
    queries: lines.map(({ metric, type, over = 'sum', by, name: legend }) => {
      const series = `${metric}{namespace="${namespace}", container="${name}"}`;
      const value = type === 'counter' ? `rate(${series}[${RATE_WINDOW}])` : series;
      return {
        legend: legend ?? (by ? `{{${by}}}` : metric),
        expr: `${over}${by ? ` by (${by}) ` : ''}(${value})`,
      };
    }),
  };
}
