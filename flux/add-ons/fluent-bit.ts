import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import { exceptFromPolicy } from '../../charts/policy-exception.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';

export interface FluentBitProps {
  version: string;
  /** The cluster's name, which is in those of its log groups. */
  cluster: string;
  region: string;
  network: ClusterNetwork;
}

/** The name of the add-on and of its ServiceAccount. */
export const FLUENT_BIT = 'fluent-bit';

/** Its namespace. */
export const LOGGING_NAMESPACE = 'logging';

const CHART = 'aws-for-fluent-bit';

/** Where it tells of itself. */
const PORT = 2020;

/** Where it remembers how far it has read and keeps what it could not send: a folder of the node, which outlives its pods. */
const STATE = '/var/fluent-bit/state';

/** Keys of the chart that we set. @see https://github.com/aws/eks-charts/blob/master/stable/aws-for-fluent-bit/values.yaml */
interface FluentBitValues {
  fullnameOverride: string;
  serviceAccount: { name: string };
  service: { extraService: string };
  input: { db: string; multilineParser: string; memBufLimit: string; extraInputs: string };
  additionalInputs: string;
  filter: { keepLog: 'Off'; k8sLoggingParser: 'Off'; bufferSize: string; extraFilters: string };
  additionalFilters: string;
  cloudWatchLogs: {
    match: string;
    region: string;
    logGroupName: string;
    logStreamPrefix: string;
    logStreamTemplate: string;
    autoCreateGroup: boolean;
    extraOutputs: string;
  };
  additionalOutputs: string;
  volumes: object[];
  volumeMounts: object[];
  livenessProbe: { httpGet: { path: string } };
  containerSecurityContext: object;
  tolerations: object[];
  priorityClassName: string;
  resources: object;
}

/** Sends the logs of pods and of nodes to CloudWatch, into groups that are there already: whoever made them says for how long. */
export function fluentBit({ version, cluster, region, network }: FluentBitProps): AddOn {
  return {
    name: FLUENT_BIT,
    namespace: LOGGING_NAMESPACE,
    dependsOn: [],
    why: 'Sends the logs of pods and of nodes to CloudWatch.',
    needs: `a role in AWS, and the log groups /slipway/${cluster}/pods and /slipway/${cluster}/nodes`,
    costs: 'about 0.57 USD for each GB that is logged, and 0.03 for each month that it is kept',
    charts: [CHART],
    sources(scope) {
      new ChartRepository(scope, CHART, { url: 'https://aws.github.io/eks-charts' });
    },
    objects(scope) {
      const { namespace } = new PlatformNamespace(scope, 'namespace', {
        name: LOGGING_NAMESPACE,
        network,
        podSecurity: 'privileged',
        // CloudWatch.
        egress: [{ ports: [443] }],
        metrics: [PORT],
      });
      exceptFromPolicy(namespace, 'pod-security', 'logs are read from a folder of the node');
      new HelmRelease<FluentBitValues>(scope, FLUENT_BIT, {
        chart: { repository: CHART, name: CHART, version },
        // It asks the API server what a pod is, and not a kubelet: this would let it run programs in every pod.
        patches: [
          {
            kind: 'ClusterRole',
            name: FLUENT_BIT,
            operations: [
              { op: 'test', path: '/rules/0/resources/4', value: 'nodes/proxy' },
              { op: 'remove', path: '/rules/0/resources/4' },
            ],
          },
        ],
        values: {
          fullnameOverride: FLUENT_BIT,
          // The one that has the role.
          serviceAccount: { name: FLUENT_BIT },
          ...PIPELINE,
          ...outputs(cluster, region),
          ...POD,
        },
      });
    },
  };
}

/** Lines of one section of its configuration: `Key value`. */
const lines = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key} ${value}`)
    .join('\n');

/** A whole section. A key may come more than once, so they are pairs. */
const section = (name: string, settings: readonly (readonly [string, string])[]): string =>
  [`[${name}]`, ...settings.map(([key, value]) => `    ${key} ${value}`)].join('\n');

/**
 * What is read, and what becomes of it.
 *
 * On Bottlerocket pods log where they do everywhere, and the node itself into its journal alone.
 *
 * @see https://docs.fluentbit.io/manual/administration/buffering-and-storage
 */
const PIPELINE = {
  service: {
    extraService: lines({
      HTTP_Server: 'On',
      HTTP_Listen: '0.0.0.0',
      HTTP_PORT: String(PORT),
      'storage.path': `${STATE}/buffer`,
      // What is in memory of what waits on the disk: some 2 MB each.
      'storage.max_chunks_up': '32',
      'storage.backlog.mem_limit': '16M',
      'storage.delete_irrecoverable_chunks': 'On',
      // What was read is sent before the pod ends.
      Grace: '25',
    }),
  },
  input: {
    db: `${STATE}/pods.db`,
    // There is no other runtime.
    multilineParser: 'cri',
    memBufLimit: '32MB',
    extraInputs: lines({
      'DB.locking': 'true',
      'storage.type': 'filesystem',
      // It would log that it logs.
      Exclude_Path: `/var/log/containers/${FLUENT_BIT}-*_${LOGGING_NAMESPACE}_*.log`,
    }),
  },
  additionalInputs: section('INPUT', [
    ['Name', 'systemd'],
    ['Tag', 'node.*'],
    ['Path', '/var/log/journal'],
    ['DB', `${STATE}/node.db`],
    ['Systemd_Filter', '_SYSTEMD_UNIT=kubelet.service'],
    ['Systemd_Filter', '_SYSTEMD_UNIT=containerd.service'],
    ['Systemd_Filter', '_TRANSPORT=kernel'],
    ['Strip_Underscores', 'On'],
    ['Lowercase', 'On'],
    ['storage.type', 'filesystem'],
  ]),
  filter: {
    // Of a line that is JSON its fields are kept, below `data`, and not its text as well: each byte is paid for.
    keepLog: 'Off',
    // A pod could have it run its own expressions on each line.
    k8sLoggingParser: 'Off',
    // However long a pod's description is.
    bufferSize: '0',
    extraFilters: lines({ Labels: 'Off', Annotations: 'Off' }),
  },
  // What asks whether something lives says nothing of users.
  additionalFilters: [
    section('FILTER', [
      ['Name', 'grep'],
      ['Match', 'kube.*'],
      ['Exclude', 'log (kube-probe/|ELB-HealthChecker/)'],
    ]),
    section('FILTER', [
      ['Name', 'grep'],
      ['Match', 'kube.*'],
      ['Exclude', "$data['path'] ^/(healthz|livez|readyz|metrics)$"],
    ]),
  ].join('\n'),
} as const;

/** What an output keeps on the node's disk, at most, while CloudWatch does not take it; the oldest goes first. */
const KEPT = { Retry_Limit: '60', 'storage.total_limit_size': '512M', workers: '1' };

/** A stream for each container and one for each node, in groups that nobody but the CDK makes. */
function outputs(
  cluster: string,
  region: string,
): Pick<FluentBitValues, 'cloudWatchLogs' | 'additionalOutputs'> {
  const group = (of: 'pods' | 'nodes') => `/slipway/${cluster}/${of}`;
  return {
    cloudWatchLogs: {
      match: 'kube.*',
      region,
      logGroupName: group('pods'),
      // Where it is not known whose they are.
      logStreamPrefix: 'unknown-',
      logStreamTemplate:
        "$kubernetes['namespace_name'].$kubernetes['pod_name'].$kubernetes['container_name']",
      // It would be one that is kept for ever.
      autoCreateGroup: false,
      extraOutputs: lines(KEPT),
    },
    additionalOutputs: section('OUTPUT', [
      ['Name', 'cloudwatch_logs'],
      ['Match', 'node.*'],
      ['region', region],
      ['log_group_name', group('nodes')],
      ['log_stream_prefix', 'unknown-'],
      ['log_stream_template', '$hostname'],
      ...Object.entries(KEPT),
    ]),
  };
}

const POD = {
  volumes: [
    { name: 'logs', hostPath: { path: '/var/log' } },
    { name: 'state', hostPath: { path: STATE, type: 'DirectoryOrCreate' } },
  ],
  volumeMounts: [
    { name: 'logs', mountPath: '/var/log', readOnly: true },
    { name: 'state', mountPath: STATE },
  ],
  // That it lives, and not that CloudWatch does: to start again would not mend that.
  livenessProbe: { httpGet: { path: '/' } },
  containerSecurityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    // Whose the logs are.
    runAsUser: 0,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  tolerations: [{ operator: 'Exists' }],
  // What happens on a node that is full is what one wants to read.
  priorityClassName: 'system-node-critical',
  resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '256Mi' } },
};
