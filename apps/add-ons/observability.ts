import { canaryLength } from '../../charts/canary-length.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { FLAGGER_NAMESPACE } from '../../flux/add-ons/flagger.ts';
import { flaggerMetrics } from '../../flux/add-ons/flagger-metrics.ts';
import { fluentBit } from '../../flux/add-ons/fluent-bit.ts';
import { grafana } from '../../flux/add-ons/grafana.ts';
import { imageAlerts } from '../../flux/add-ons/image-alerts.ts';
import { kubePrometheusStack } from '../../flux/add-ons/kube-prometheus-stack.ts';
import { meshMetrics } from '../../flux/add-ons/mesh-metrics.ts';
import { openTelemetryCollector } from '../../flux/add-ons/opentelemetry-collector.ts';
import { platformAlerts } from '../../flux/add-ons/platform-alerts.ts';
import { platformMetrics } from '../../flux/add-ons/platform-metrics.ts';
import { appContext } from '../app-context.ts';
import { automatesImages } from '../image-automation.ts';
import type { AddOnContext } from './context.ts';

/** What measures, shows and wakes. */
export function observabilityAddOns(context: AddOnContext): AddOn[] {
  const {
    config,
    cluster,
    versions,
    isHighlyAvailable,
    network,
    prometheusUrl,
    runbooks,
    has,
    dashboardHost,
  } = context;
  const measured = { logs: has('fluent-bit'), traces: has('opentelemetry-collector') };
  return [
    kubePrometheusStack({
      version: versions['kube-prometheus-stack'],
      cluster: cluster.name,
      isHighlyAvailable,
      network,
      alerts: config.platform.alerts,
      grafana: has('grafana') ? { host: dashboardHost('grafana') } : undefined,
      askedBy: [FLAGGER_NAMESPACE, ...(has('linkerd-viz') ? ['linkerd-viz'] : [])],
      edgeNamespace: 'ingress-nginx',
    }),
    grafana(measured),
    meshMetrics(),
    platformMetrics(measured),
    platformAlerts({ runbooks, ...measured, longestReleaseSeconds: longestRelease(context) }),
    flaggerMetrics({ prometheusUrl }),
    openTelemetryCollector({
      version: versions['opentelemetry-collector'],
      region: cluster.region,
      isHighlyAvailable,
      network,
      senders: cluster.apps,
    }),
    fluentBit({
      version: versions['aws-for-fluent-bit'],
      cluster: cluster.name,
      region: cluster.region,
      network,
    }),
    ...(automatesImages(config.platform, cluster) ? [imageAlerts({ runbooks })] : []),
  ];
}

/** How long the longest release of the cluster's apps may take, in seconds. */
function longestRelease({ config, cluster }: AddOnContext): number {
  const lengths = cluster.apps.map((app) => {
    const { release } = appContext(config, cluster, app).settings;
    return release.strategy === 'rolling' ? 0 : canaryLength(release);
  });
  return Math.max(0, ...lengths);
}
