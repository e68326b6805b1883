// What can be typed of a web service and makes no sense.

import { type PropProblem, refusal, wholeNumber } from '../props-error.ts';
import { pathsProblems } from '../public-route.ts';
import { releaseProblems } from '../release-problems.ts';
import { panelProblems } from '../service-dashboard.ts';
import { objectivesProblems } from './error-budget.ts';
import type { ManagementPaths, SecretSource, WebServiceProps } from './props.ts';

/** Flagger adds `-primary` to the name, and the name of a Service has at most 63 characters. */
const LONGEST_NAME = 55;

/** Ports of the proxy that runs beside the service. @see https://linkerd.io/2-edge/reference/proxy-configuration/ */
const PROXY_PORTS = [4140, 4143, 4190, 4191];

/** What the service is told of its surroundings, and the prop that says so. */
const OWN_VARIABLES: Readonly<Record<string, string>> = {
  PORT: 'port',
  MANAGEMENT_PORT: 'managementPort',
  DRAIN_SECONDS: 'drainSeconds',
};

/** Everything that is wrong with the props of a web service. */
export function propProblems(name: string, props: WebServiceProps): PropProblem[] {
  const { scaling, management } = props;
  return [
    ...nameProblems(name),
    ...replicasProblems(props.replicas),
    ...quantityProblems(props),
    ...portProblems(props),
    ...environmentProblems(props),
    ...pathsProblems(props.paths),
    ...callerProblems(props),
    ...networkProblems(props),
    ...pathProblems(management),
    ...wholeNumber('runAsUser', props.runAsUser, { min: 1, aside: '0 is root' }),
    ...wholeNumber('drainSeconds', props.drainSeconds, { min: 0, max: 600 }),
    ...wholeNumber('startSeconds', props.startSeconds, { min: 1 }),
    ...wholeNumber('scaling.cpuPercent', scaling?.cpuPercent, {
      min: 1,
      aside: 'percent of what is asked for',
    }),
    ...wholeNumber('scaling.memoryPercent', scaling?.memoryPercent, {
      min: 1,
      max: 100,
      aside: 'percent; a pod may not use more than it asks for',
    }),
    ...wholeNumber('scaling.calmSeconds', scaling?.calmSeconds, { min: 0, max: 3600 }),
    ...wholeNumber('maxUnavailable', props.maxUnavailable, {
      min: 1,
      aside: 'with 0 no node could ever be emptied',
    }),
    ...releaseProblems(props.release ?? { strategy: 'canary' }),
    ...objectivesProblems(props.objectives),
    ...panelProblems(props),
  ];
}

function nameProblems(name: string): PropProblem[] {
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > LONGEST_NAME) {
    const allowed = `lower-case letters, digits and "-", starting with a letter and at most ${LONGEST_NAME} long (Flagger adds "-primary" to it)`;
    return [refusal('id', name, allowed)];
  }
  if (!/-(primary|canary)$/.test(name)) return [];
  return [refusal('id', name, 'another end: Flagger calls so what it makes for a service')];
}

function replicasProblems(replicas: WebServiceProps['replicas']): PropProblem[] {
  if (replicas === undefined) return [];
  const { min, max } = replicas;
  const wrong = [
    ...wholeNumber('replicas.min', min, { min: 1 }),
    ...wholeNumber('replicas.max', max, { min: 1 }),
  ];
  if (wrong.length > 0 || min <= max) return wrong;
  return [refusal('replicas.max', max, `a whole number of ${min} or more (at least "min")`)];
}

function quantityProblems({ cpu, memory }: WebServiceProps): PropProblem[] {
  const problems: PropProblem[] = [];
  if (cpu !== undefined && !(/^(\d+m|\d+(\.\d{1,3})?)$/.test(cpu) && Number.parseFloat(cpu) > 0)) {
    problems.push(refusal('cpu', cpu, 'cores over 0, such as "100m" or "1.5"'));
  }
  // "192m" is a quantity too: a fifth of a byte.
  if (
    memory !== undefined &&
    !(/^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)$/.test(memory) && Number.parseFloat(memory) > 0)
  ) {
    problems.push(refusal('memory', memory, 'bytes over 0 with their unit, such as "192Mi" or "1Gi"'));
  }
  return problems;
}

function portProblems({ port = 8080, managementPort = 9090 }: WebServiceProps): PropProblem[] {
  const problems = Object.entries({ port, managementPort }).flatMap(([path, value]) =>
    PROXY_PORTS.includes(value)
      ? [refusal(path, value, `another port: ${PROXY_PORTS.join(', ')} are those of the proxy beside it`)]
      : wholeNumber(path, value, { min: 1, max: 65535 }),
  );
  if (port === managementPort) {
    problems.push(
      refusal('managementPort', managementPort, 'another than "port": probes would count as users’ requests'),
    );
  }
  return problems;
}

function environmentProblems({ env = {}, secrets = {} }: WebServiceProps): PropProblem[] {
  const names = [
    ...Object.keys(env).map((name) => ({ path: `env.${name}`, name })),
    ...Object.keys(secrets).map((name) => ({ path: `secrets.${name}`, name })),
  ];
  return [
    ...names.flatMap(({ path, name }) =>
      OWN_VARIABLES[name] === undefined
        ? []
        : [{ path, says: `is set from the prop "${OWN_VARIABLES[name]}"; use that` }],
    ),
    ...Object.keys(secrets)
      .filter((name) => Object.hasOwn(env, name))
      .map((name) => ({ path: `secrets.${name}`, says: 'stands in "env" too; leave one out' })),
    ...Object.entries(secrets).flatMap(([name, source]) => secretProblems(`secrets.${name}`, source)),
  ];
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const SECRET_NAME = /^[\w+=.@-]+(\/[\w+=.@-]+)*$/;

function secretProblems(path: string, source: SecretSource): PropProblem[] {
  const { remoteKey } = source;
  if (remoteKey === undefined || SECRET_NAME.test(remoteKey)) return [];
  const allowed = 'the name of a secret, behind the names of cluster and app, such as "session-key"';
  return [refusal(`${path}.remoteKey`, remoteKey, allowed)];
}

function callerProblems({ public: isPublic, callers }: WebServiceProps): PropProblem[] {
  // The type says so too. But a policy with an empty list of callers would let everybody in.
  if (isPublic !== false || (callers?.length ?? 0) > 0) return [];
  return [refusal('callers', callers, 'one caller or more: with "public: false" nobody else may call it')];
}

function networkProblems({ egress = [], platform, database }: WebServiceProps): PropProblem[] {
  const problems = egress.flatMap(({ ports }, index) =>
    ports.flatMap((port, at) => wholeNumber(`egress[${index}].ports[${at}]`, port, { min: 1, max: 65535 })),
  );
  if (database !== undefined && platform.database.cidrs.length === 0) {
    problems.push(
      refusal('platform.database.cidrs', [], 'the CIDRs of the database’s subnets, or nothing reaches it'),
    );
  }
  return problems;
}

function pathProblems(management: ManagementPaths | undefined): PropProblem[] {
  return Object.entries(management ?? {}).flatMap(([name, path]) =>
    typeof path !== 'string' || /^\/[\w\-./~%]*$/.test(path)
      ? []
      : [refusal(`management.${name}`, path, 'a path that begins with a slash, such as "/livez"')],
  );
}
