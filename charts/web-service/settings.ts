import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { PropsError } from '../props-error.ts';
import type { RouteSettings } from '../public-route.ts';
import type { Objectives } from './error-budget.ts';
import { propProblems } from './prop-problems.ts';
import type { ManagementPaths, Scaling, ServiceProps, WebServiceProps } from './props.ts';

/** A web service with every default filled in. */
export interface Settings
  extends Required<
      Omit<ServiceProps, 'args' | 'database' | 'migrate' | 'management' | 'runAsUser' | 'scaling'>
    >,
    Pick<ServiceProps, 'args' | 'migrate' | 'runAsUser'> {
  name: string;
  namespace: string;
  /** Where users reach it, if they do. */
  route: { name: string; host: string; paths: readonly string[]; edge: RouteSettings } | undefined;
  callers: NonNullable<WebServiceProps['callers']>;
  database: { name: string; user: string } | undefined;
  management: Required<ManagementPaths>;
  scaling: Required<Scaling>;
  objectives: Required<Objectives>;
}

/**
 * The settings of a web service.
 *
 * @param construct the service's construct: its id is the name, its chart's namespace the namespace
 * @throws PropsError naming everything that can be typed and makes no sense
 */
export function settingsOf(construct: Construct, props: WebServiceProps): Settings {
  const { id } = construct.node;
  const { namespace } = Chart.of(construct);
  const problems = propProblems(id, props);
  if (namespace === undefined) {
    problems.push({ path: 'namespace', says: 'is missing; give the chart one, which is the service’s too' });
  }
  if (namespace === undefined || problems.length > 0) throw new PropsError(construct, problems);
  const { database, management, scaling, objectives } = props;
  return {
    name: id,
    namespace,
    image: props.image,
    platform: props.platform,
    route:
      props.public === false
        ? undefined
        : {
            name: props.routeName ?? id,
            host: props.host,
            paths: props.paths ?? ['/'],
            edge: props.edge ?? {},
          },
    callers: props.callers ?? [],
    calls: props.calls ?? [],
    egress: props.egress ?? [],
    replicas: props.replicas ?? { min: 2, max: 6 },
    cpu: props.cpu ?? '100m',
    memory: props.memory ?? '256Mi',
    release: props.release ?? { strategy: 'canary' },
    env: props.env ?? {},
    secrets: props.secrets ?? {},
    database: database && { name: database.name, user: database.user ?? database.name },
    args: props.args,
    migrate: props.migrate,
    runAsUser: props.runAsUser,
    port: props.port ?? 8080,
    managementPort: props.managementPort ?? 9090,
    management: {
      live: management?.live ?? '/livez',
      ready: management?.ready ?? '/readyz',
      metrics: management?.metrics ?? '/metrics',
    },
    drainSeconds: props.drainSeconds ?? 15,
    startSeconds: props.startSeconds ?? 120,
    scaling: {
      cpuPercent: scaling?.cpuPercent ?? 65,
      memoryPercent: scaling?.memoryPercent ?? 80,
      calmSeconds: scaling?.calmSeconds ?? 300,
    },
    maxUnavailable: props.maxUnavailable ?? 1,
    objectives: {
      successPercent: objectives?.successPercent ?? 99,
      inTimePercent: objectives?.inTimePercent ?? 99,
      inTimeMilliseconds: objectives?.inTimeMilliseconds ?? 500,
    },
    panels: props.panels ?? [],
  };
}
