import { PLATFORM_PRIORITY } from '../add-ons/priority-classes.ts';
import { spread } from '../pod-defaults.ts';
import { volume } from './prometheus.ts';

/** Where people are told. The address is a secret; `channel` is for one that is not of one channel. */
export interface AlertTarget {
  to: 'slack' | 'msteams' | 'webhook';
  /** @default that of the address */
  channel?: string | undefined;
}

/** Keys of `alertmanager` in the kube-prometheus-stack chart that we set. */
export interface AlertmanagerValues {
  podDisruptionBudget: { enabled: boolean; minAvailable: number };
  config: {
    route: Route & { group_by: string[]; routes: Route[] };
    inhibit_rules: object[];
    receivers: object[];
  };
  alertmanagerSpec: {
    replicas: number;
    priorityClassName: string;
    secrets: string[];
    storage: object;
    resources: object;
    topologySpreadConstraints: object[];
  };
}

interface Route {
  receiver: string;
  matchers?: string[];
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
}

/** The Secret whose `address` is posted to. */
export const ALERTS_SECRET = 'alerts';

/** Where the operator mounts it. @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.AlertmanagerSpec */
const ADDRESS_FILE = `/etc/alertmanager/secrets/${ALERTS_SECRET}/address`;

const NOBODY = 'nobody';
const PEOPLE = 'people';

/** What a person reads: the cluster and what is wrong in the title; then each of them with its runbook. */
const TITLE =
  '[{{ .Status | toUpper }}] {{ .CommonLabels.cluster }}: {{ .CommonLabels.alertname }} ({{ .CommonLabels.severity }})';
const TEXT = `{{ range .Alerts }}{{ .Annotations.summary }}
{{ .Annotations.description }}
{{ .Annotations.runbook_url }}

{{ end }}`;

/** The receiver of each kind. @see https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings */
const RECEIVERS: Readonly<Record<AlertTarget['to'], (channel: string | undefined) => object>> = {
  slack: (channel) => ({
    slack_configs: [
      {
        api_url_file: ADDRESS_FILE,
        ...(channel !== undefined && { channel }),
        send_resolved: true,
        title: TITLE,
        text: TEXT,
      },
    ],
  }),
  msteams: () => ({
    msteamsv2_configs: [{ webhook_url_file: ADDRESS_FILE, send_resolved: true, title: TITLE, text: TEXT }],
  }),
  webhook: () => ({ webhook_configs: [{ url_file: ADDRESS_FILE, send_resolved: true }] }),
};

/**
 * Alertmanager, which tells people of alerts: each trouble once, and not what follows from it.
 *
 * @param target with none, alerts stay there, for who looks
 */
export function alertmanagerValues(
  target: AlertTarget | undefined,
  isHighlyAvailable: boolean,
): AlertmanagerValues {
  const receiver = target === undefined ? NOBODY : PEOPLE;
  return {
    podDisruptionBudget: { enabled: isHighlyAvailable, minAvailable: 1 },
    config: {
      route: {
        receiver,
        // One message for what goes wrong together.
        group_by: ['alertname', 'namespace'],
        group_wait: '30s',
        group_interval: '5m',
        repeat_interval: '12h',
        routes: [
          // Always on: it is for who wants to be told when Prometheus itself falls silent.
          { receiver: NOBODY, matchers: ['alertname = Watchdog'] },
          // For a panel, or for the one who looks already.
          { receiver: NOBODY, matchers: ['severity =~ "info|none"'] },
          // Somebody is to get up: at once, and again while it lasts.
          { receiver, matchers: ['severity = critical'], group_wait: '10s', repeat_interval: '2h' },
        ],
      },
      inhibit_rules: [
        // What wakes somebody has told already what could wait.
        {
          source_matchers: ['severity = critical'],
          target_matchers: ['severity =~ "warning|info"'],
          equal: ['namespace', 'alertname'],
        },
        {
          source_matchers: ['alertname = WebServiceFailing'],
          target_matchers: ['alertname = WebServiceOftenFailing'],
          equal: ['namespace', 'service'],
        },
        {
          source_matchers: ['alertname = WebServiceSlow'],
          target_matchers: ['alertname = WebServiceOftenSlow'],
          equal: ['namespace', 'service'],
        },
        {
          source_matchers: ['alertname = InfoInhibitor'],
          target_matchers: ['severity = info'],
          equal: ['namespace'],
        },
      ],
      receivers: [
        { name: NOBODY },
        ...(target === undefined ? [] : [{ name: PEOPLE, ...RECEIVERS[target.to](target.channel) }]),
      ],
    },
    alertmanagerSpec: {
      // They tell each other what was told already.
      replicas: isHighlyAvailable ? 2 : 1,
      priorityClassName: PLATFORM_PRIORITY,
      secrets: target === undefined ? [] : [ALERTS_SECRET],
      // What is silenced stays silenced.
      storage: { volumeClaimTemplate: { spec: volume('1Gi') } },
      resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } },
      topologySpreadConstraints: spread({ 'app.kubernetes.io/name': 'alertmanager' }),
    },
  };
}
