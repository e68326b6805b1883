import { helmCharts } from '../chart-keys/helm-charts.ts';
import type { Manifest } from '../dist/manifests.ts';
import { identity } from '../dist/manifests.ts';
import { at, fields, items } from '../policy/read.ts';
import { ASPECTS, type Aspect, type ChartDescription, type ChartWorkload, type Exception } from './charts.ts';

/** What a pod must be spread over. */
const TOPOLOGIES = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'];

/** Aspects of what runs as often as we say; others are on each node, or run once. */
const OF_REPLICAS: readonly Aspect[] = ['replicas', 'disruptionBudget', 'spread'];

/**
 * What the workloads of a cluster's charts lack: more than one pod, a disruption budget, a spread over zones and nodes,
 * resources, a security context. And exceptions that are not needed any more.
 *
 * @param manifests those of one cluster
 * @param charts what each chart runs
 * @param isHighlyAvailable whether everything must run more than once; else only resources and security are asked for
 * @returns one line for each thing that is wrong
 */
export function walkChartWorkloads(
  manifests: readonly Manifest[],
  charts: Readonly<Record<string, ChartDescription>>,
  isHighlyAvailable: boolean,
): string[] {
  return helmCharts(manifests).flatMap(({ manifest, chart, values }) => {
    const where = identity(manifest.object);
    const description = charts[chart];
    if (description === undefined) {
      return [
        `${where}: nothing says what the chart ${chart} runs; describe it in chart-workloads/charts.ts`,
      ];
    }
    return Object.entries(description.workloads)
      .filter(([, { when }]) => when === undefined || valueAt(values, when) !== false)
      .flatMap(([name, workload]) =>
        aspectsOf(workload, isHighlyAvailable).flatMap((aspect) =>
          judge(aspect, workload, values).map((says) => `${where}: ${name}: ${aspect}: ${says}`),
        ),
      );
  });
}

/** The charts that are described and that no cluster installs. */
export function unusedDescriptions(
  manifests: readonly Manifest[],
  charts: Readonly<Record<string, ChartDescription>>,
): string[] {
  const byCluster = Map.groupBy(manifests, ({ cluster }) => cluster);
  const used = new Set([...byCluster.values()].flatMap((own) => helmCharts(own).map(({ chart }) => chart)));
  return Object.keys(charts).filter((chart) => !used.has(chart));
}

function aspectsOf({ kind }: ChartWorkload, isHighlyAvailable: boolean): Aspect[] {
  const isScaled = kind === 'Deployment' || kind === 'StatefulSet';
  return ASPECTS.filter((aspect) => !OF_REPLICAS.includes(aspect) || (isScaled && isHighlyAvailable));
}

function judge(aspect: Aspect, workload: ChartWorkload, values: unknown): string[] {
  const place = workload[aspect];
  if (place === undefined) return ['nothing says where the chart has it, or why it does not'];
  const wrong = (paths: readonly string[]) =>
    LAWS[aspect](
      paths.map((path) => valueAt(values, path)),
      () => (typeof workload.replicas === 'string' ? valueAt(values, workload.replicas) : 1),
    );
  if (isException(place)) {
    if (place.because.trim() === '') return ['is excepted without a reason'];
    const isStale = place.at !== undefined && wrong([place.at]) === undefined;
    return isStale ? [`${place.at}: is as it should be, so its exception is stale; take it away`] : [];
  }
  const paths = typeof place === 'string' ? [place] : place;
  const says = wrong(paths);
  return says === undefined ? [] : [`${paths.join(' and ')}: ${says}`];
}

function isException(place: NonNullable<ChartWorkload[Aspect]>): place is Exception {
  return typeof place === 'object' && !Array.isArray(place);
}

/** What is wrong with the values of an aspect, if anything is. */
const LAWS: Readonly<
  Record<Aspect, (found: readonly unknown[], replicas: () => unknown) => string | undefined>
> = {
  replicas: ([count]) => (Number(count) >= 2 ? undefined : `found ${show(count)}; allowed: 2 or more`),
  disruptionBudget: ([budget], replicas) => budgetProblem(budget, replicas()),
  spread: ([constraints]) => {
    // A word by which a chart spreads its pods in a way of its own.
    if (constraints === true) return undefined;
    const keys = topologyKeys(constraints);
    const missing = TOPOLOGIES.filter((topology) => !keys.includes(topology));
    return missing.length === 0 ? undefined : `pods are not spread by ${missing.join(' and ')}`;
  },
  resources: (found) => {
    const missing = found.flatMap((resources) =>
      RESOURCES.filter(
        ([kind, what]) => (at(resources, `${kind}s`, what) ?? at(resources, what, kind)) === undefined,
      ).map(([kind, what]) => `${kind}s.${what}`),
    );
    return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`;
  },
  security: (found) => {
    const all = Object.assign({}, ...found.map(fields).reverse());
    const missing = SECURITY.filter(([, holds]) => !holds(all)).map(([name]) => name);
    return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`;
  },
};

/** What a container must say. Most charts have it as Kubernetes does, Linkerd's the other way round: `memory.limit`. */
const RESOURCES = [
  ['request', 'cpu'],
  ['request', 'memory'],
  ['limit', 'memory'],
] as const;

/** What keeps who breaks into a container inside of it. */
const SECURITY: readonly [string, (context: Readonly<Record<string, unknown>>) => boolean][] = [
  ['allowPrivilegeEscalation: false', ({ allowPrivilegeEscalation }) => allowPrivilegeEscalation === false],
  ['capabilities.drop: [ALL]', ({ capabilities }) => items(at(capabilities, 'drop')).includes('ALL')],
  ['readOnlyRootFilesystem: true', ({ readOnlyRootFilesystem }) => readOnlyRootFilesystem === true],
  ['runAsNonRoot: true', ({ runAsNonRoot }) => runAsNonRoot === true],
  ['seccompProfile', ({ seccompProfile }) => at(seccompProfile, 'type') !== undefined],
];

function budgetProblem(budget: unknown, replicas: unknown): string | undefined {
  const { enabled, minAvailable, maxUnavailable } = fields(budget);
  if (budget === true) return undefined;
  if (
    budget === undefined ||
    enabled === false ||
    (minAvailable ?? maxUnavailable ?? enabled) === undefined
  ) {
    return 'there is none';
  }
  const keepsAll = typeof minAvailable === 'number' && minAvailable >= Number(replicas);
  return keepsAll || maxUnavailable === 0 ? 'no pod may ever go, so no node could be drained' : undefined;
}

/** What topology spread constraints, or a required or preferred anti-affinity, keep pods apart by. */
function topologyKeys(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.map((constraint) => at(constraint, 'topologyKey'));
  const apart = at(value, 'podAntiAffinity');
  return [
    ...items(at(apart, 'requiredDuringSchedulingIgnoredDuringExecution')).map((term) =>
      at(term, 'topologyKey'),
    ),
    ...items(at(apart, 'preferredDuringSchedulingIgnoredDuringExecution')).map((term) =>
      at(term, 'podAffinityTerm', 'topologyKey'),
    ),
  ];
}

function valueAt(values: unknown, path: string): unknown {
  return at(values, ...path.split('.'));
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
