import { LINKERD_NAMESPACE } from '../charts/linkerd-names.ts';
import type { Platform } from '../charts/platform.ts';
import { clusterVar } from '../config/cluster-vars.ts';
import { hasAddOn } from '../config/per-ring.ts';
import type { Cluster, Platform as PlatformConfig } from '../config/schema.ts';
import { subnets } from '../config/subnets.ts';
import { FLAGGER_NAMESPACE, LOAD_TESTER_ACCOUNT, LOAD_TESTER_URL } from '../flux/add-ons/flagger.ts';
import { METRIC_TEMPLATES } from '../flux/add-ons/flagger-metrics.ts';
import { INGRESS_CONTROLLER } from '../flux/add-ons/ingress-nginx.ts';
import { MONITORING_NAMESPACE } from '../flux/add-ons/kube-prometheus-stack.ts';
import { LINKERD_VIZ, TAP_LABELS } from '../flux/add-ons/linkerd-viz.ts';
import { ALERT_PROVIDER, flaggerTells } from '../flux/add-ons/notifications.ts';
import {
  COLLECTOR_NAMESPACE,
  COLLECTOR_URL,
  OPENTELEMETRY_COLLECTOR,
} from '../flux/add-ons/opentelemetry-collector.ts';
import { SECRETS_MANAGER_STORE } from '../flux/add-ons/secret-stores.ts';
import { COLLECTOR_PORTS } from '../flux/monitoring/collector-config.ts';
import { PROMETHEUS_LABELS } from '../flux/monitoring/prometheus.ts';
import { PULL_SECRET } from '../flux/names.ts';
import { browsable } from './git-host.ts';

/**
 * What the web services of a cluster stand on: its add-ons, as the services' policies know them.
 *
 * @param platform how its images are read, the repository that this is, where its runbooks can be read, and its add-ons
 */
export function servicePlatform(cluster: Cluster, platform: PlatformConfig): Platform {
  const { git, registryAccess } = platform;
  return {
    ingressController: INGRESS_CONTROLLER,
    loadTester: {
      namespace: FLAGGER_NAMESPACE,
      labels: { 'app.kubernetes.io/name': 'loadtester' },
      serviceAccount: LOAD_TESTER_ACCOUNT,
      url: LOAD_TESTER_URL,
    },
    metricTemplates: METRIC_TEMPLATES,
    alertProvider: flaggerTells(platform.alerts) ? ALERT_PROVIDER : undefined,
    prometheus: { namespace: MONITORING_NAMESPACE, labels: PROMETHEUS_LABELS },
    runbooks: runbooksUrl(git),
    meshNamespace: LINKERD_NAMESPACE,
    tap: hasAddOn(platform, cluster.ring, LINKERD_VIZ)
      ? { namespace: LINKERD_VIZ, labels: TAP_LABELS }
      : undefined,
    collector: hasAddOn(platform, cluster.ring, OPENTELEMETRY_COLLECTOR)
      ? { namespace: COLLECTOR_NAMESPACE, port: COLLECTOR_PORTS.http, url: COLLECTOR_URL }
      : undefined,
    secretStore: SECRETS_MANAGER_STORE,
    // Two clusters may share an account.
    secretPrefix: `${cluster.name}/`,
    pullSecret: registryAccess === 'pull-secret' ? PULL_SECRET : undefined,
    database: {
      host: clusterVar('DATABASE_HOST'),
      cidrs: subnets(cluster.vpcCidr, cluster.zones.length).database,
    },
  };
}

/**
 * Where a person reads the runbooks: on the git host, on the branch that Flux reads.
 *
 * @param git the repository
 */
export function runbooksUrl({ url, branch }: Pick<PlatformConfig['git'], 'url' | 'branch'>): string {
  return `${browsable(url)}/blob/${branch}/docs/runbooks`;
}
