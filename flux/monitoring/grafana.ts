import { SIGNED_IN_HEADER } from '../../charts/public-route.ts';
import { PLATFORM_PRIORITY } from '../add-ons/priority-classes.ts';
import { RESTRICTED, spread } from '../pod-defaults.ts';

/** Keys of `grafana` in the kube-prometheus-stack chart that we set. */
export type GrafanaValues = { enabled: false } | GrafanaSettings;

interface GrafanaSettings {
  enabled: true;
  rbac: { useExistingClusterRole: string };
  replicas: number;
  priorityClassName: string;
  podDisruptionBudget: { maxUnavailable?: number };
  topologySpreadConstraints: object[];
  resources: object;
  containerSecurityContext: object;
  extraEmptyDirMounts: { name: string; mountPath: string }[];
  testFramework: { enabled: false };
  defaultDashboardsEditable: false;
  sidecar: {
    resources: object;
    securityContext: object;
    dashboards: { resource: 'configmap' };
    datasources: { resource: 'configmap' };
  };
  'grafana.ini': Record<string, Record<string, string | boolean>>;
}

export interface GrafanaProps {
  /** Where it is reached from outside, by those whom the sign-in has let through. @default only from within the cluster */
  host?: string | undefined;
  isHighlyAvailable: boolean;
}

/** What Grafana is known by on its pods. */
export const GRAFANA_LABELS = { 'app.kubernetes.io/name': 'grafana' };

/** The ClusterRole by which it finds dashboards in every namespace. The chart's own could read all Secrets as well. */
export const DASHBOARD_READER = 'grafana-dashboard-reader';

/** The port of its pods. */
export const GRAFANA_PORT = 3000;

/**
 * Grafana. It keeps nothing: dashboards come from git, alerts are Prometheus', and who somebody is each request says. So
 * more of them need no database, and one that is lost loses nothing.
 */
export function grafanaValues({ host, isHighlyAvailable }: GrafanaProps): GrafanaValues {
  return {
    enabled: true,
    rbac: { useExistingClusterRole: DASHBOARD_READER },
    replicas: isHighlyAvailable ? 2 : 1,
    priorityClassName: PLATFORM_PRIORITY,
    podDisruptionBudget: isHighlyAvailable ? { maxUnavailable: 1 } : {},
    topologySpreadConstraints: spread(GRAFANA_LABELS),
    resources: { requests: { cpu: '50m', memory: '192Mi' }, limits: { memory: '384Mi' } },
    containerSecurityContext: RESTRICTED,
    extraEmptyDirMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    testFramework: { enabled: false },
    defaultDashboardsEditable: false,
    sidecar: {
      resources: { requests: { cpu: '10m', memory: '96Mi' }, limits: { memory: '192Mi' } },
      securityContext: RESTRICTED,
      // It need not read Secrets.
      dashboards: { resource: 'configmap' },
      datasources: { resource: 'configmap' },
    },
    'grafana.ini': {
      // Nothing goes out, and its namespace would not let it.
      analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
      plugins: { preinstall_disabled: true, public_key_retrieval_disabled: true },
      news: { news_feed_enabled: false },
      'auth.anonymous': { enabled: false },
      // Alerts are in git, and Prometheus has them fired.
      unified_alerting: { enabled: false },
      users: {
        allow_sign_up: false,
        // To try out a query takes as much; what is changed is gone with the pod.
        auto_assign_org_role: 'Editor',
      },
      ...(host === undefined ? {} : signedInBefore(host)),
    },
  };
}

/** Somebody else has asked who it is: only the edge may call Grafana, by the namespace's network policies. */
function signedInBefore(host: string): GrafanaSettings['grafana.ini'] {
  return {
    server: { root_url: `https://${host}` },
    security: { cookie_secure: true },
    auth: { disable_login_form: true, disable_signout_menu: true },
    'auth.proxy': {
      enabled: true,
      header_name: SIGNED_IN_HEADER,
      header_property: 'email',
      auto_sign_up: true,
      // Else a session would outlive what the sign-in says.
      enable_login_token: false,
    },
  };
}
