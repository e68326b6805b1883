import type { Breach, Policy } from '../policy.ts';
import { inClusters } from '../policy.ts';
import { at, type Fields, fields, items } from '../read.ts';
import type { Container, Workload } from '../workloads.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** Kinds of volumes that the restricted profile allows. */
const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const HOOKS = ['postStart', 'preStop'];

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export const podSecurity: Policy = {
  name: 'pod-security',
  reason:
    'Who breaks into a container must find no way out of it, and the API server refuses what could give one.',
  check: inClusters((cluster) => [
    ...cluster.ofKind('Namespace').flatMap((manifest): Breach[] => {
      const level = manifest.object.metadata?.labels?.[ENFORCE];
      if (level === 'restricted') return [];
      const path = `metadata.labels["${ENFORCE}"]`;
      const wrong = level === undefined ? 'is missing' : `is ${JSON.stringify(level)}`;
      return [{ at: manifest, path, wrong, fix: 'set it to "restricted"' }];
    }),
    ...cluster.workloads.flatMap(judgePods),
  ]),
};

function judgePods(workload: Workload): Breach[] {
  const { manifest, spec, path, containers } = workload;
  const breaches: Breach[] = [];
  const found = (where: string, wrong: string, fix: string) =>
    void breaches.push({ at: manifest, path: where, wrong, fix });
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
    if (spec[field] === true) found(`${path}.${field}`, 'is true', 'leave it out');
  }
  for (const [index, volume] of items(spec.volumes).entries()) {
    for (const kind of Object.keys(fields(volume))) {
      if (kind !== 'name' && !VOLUMES.has(kind))
        found(
          `${path}.volumes[${index}].${kind}`,
          'is no kind of volume for unprivileged pods',
          'use another',
        );
    }
  }
  const context = fields(spec.securityContext);
  judgeContext(context, `${path}.securityContext`, found);
  for (const { name } of items(context.sysctls).map(fields)) {
    if (!SAFE_SYSCTLS.has(name))
      found(`${path}.securityContext.sysctls`, `sets ${JSON.stringify(name)}`, 'leave it out');
  }
  for (const container of containers) judgeContainer(container, context, found);
  return breaches;
}

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline */
const SAFE_SYSCTLS: ReadonlySet<unknown> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

type Found = (path: string, wrong: string, fix: string) => void;

/** What a pod and a container may both say; either being right is not enough where the other is wrong. */
function judgeContext(context: Fields, path: string, found: Found): void {
  if (context.runAsNonRoot === false) found(`${path}.runAsNonRoot`, 'is false', 'set it to true');
  if (context.runAsUser === 0) found(`${path}.runAsUser`, 'is 0, which is root', 'use another');
  for (const profile of ['seccompProfile', 'appArmorProfile']) {
    if (at(context, profile, 'type') === 'Unconfined')
      found(`${path}.${profile}.type`, 'is "Unconfined"', 'set it to "RuntimeDefault"');
  }
  if (at(context, 'windowsOptions', 'hostProcess') === true)
    found(`${path}.windowsOptions.hostProcess`, 'is true', 'leave it out');
}

function judgeContainer({ fields: container, path: place }: Container, pod: Fields, found: Found): void {
  const context = fields(container.securityContext);
  const path = `${place}.securityContext`;
  judgeContext(context, path, found);
  if (context.runAsNonRoot === undefined && pod.runAsNonRoot !== true && pod.runAsNonRoot !== false)
    found(`${path}.runAsNonRoot`, 'is missing, here and on the pod', 'set it to true');
  if (context.seccompProfile === undefined && pod.seccompProfile === undefined)
    found(`${path}.seccompProfile`, 'is missing, here and on the pod', 'set its type to "RuntimeDefault"');
  if (context.allowPrivilegeEscalation !== false) {
    const wrong = context.allowPrivilegeEscalation === undefined ? 'is missing, which means true' : 'is true';
    found(`${path}.allowPrivilegeEscalation`, wrong, 'set it to false');
  }
  if (context.privileged === true) found(`${path}.privileged`, 'is true', 'leave it out');
  if (context.procMount !== undefined && context.procMount !== 'Default')
    found(`${path}.procMount`, `is ${JSON.stringify(context.procMount)}`, 'leave it out');
  const { drop, add } = fields(context.capabilities);
  if (!items(drop).includes('ALL')) found(`${path}.capabilities.drop`, 'leaves some', 'set it to ["ALL"]');
  for (const capability of items(add)) {
    if (capability !== 'NET_BIND_SERVICE')
      found(`${path}.capabilities.add`, `holds ${JSON.stringify(capability)}`, 'leave it out');
  }
  for (const [index, port] of items(container.ports).entries()) {
    const { hostPort } = fields(port);
    if (hostPort !== undefined && hostPort !== 0)
      found(`${place}.ports[${index}].hostPort`, `is ${hostPort}`, 'leave it out');
  }
  judgeHandlers(container, place, found);
}

/** A probe or hook with a host of its own would let the kubelet call anything in its reach. */
function judgeHandlers(container: Fields, place: string, found: Found): void {
  const handlers = [...PROBES, ...HOOKS.map((hook) => `lifecycle.${hook}`)];
  for (const name of handlers) {
    const handler = at(container, ...name.split('.'));
    for (const kind of ['httpGet', 'tcpSocket']) {
      if (at(handler, kind, 'host')) found(`${place}.${name}.${kind}.host`, 'is set', 'leave it out');
    }
  }
}
