import type { PlatformPods } from '../../charts/platform.ts';
import { clusterVar } from '../../config/cluster-vars.ts';
import { subnets } from '../../config/subnets.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { certificateIssuers } from '../../flux/add-ons/certificate-issuers.ts';
import { type DashboardRoute, dashboardRoutes } from '../../flux/add-ons/dashboard-routes.ts';
import { externalDns } from '../../flux/add-ons/external-dns.ts';
import { ingressNginx } from '../../flux/add-ons/ingress-nginx.ts';
import { KUBE_PROMETHEUS_STACK, MONITORING_NAMESPACE } from '../../flux/add-ons/kube-prometheus-stack.ts';
import { LINKERD_DASHBOARD, LINKERD_VIZ } from '../../flux/add-ons/linkerd-viz.ts';
import { RECEIVER } from '../../flux/add-ons/notifications.ts';
import { oauth2Proxy } from '../../flux/add-ons/oauth2-proxy.ts';
import { SECRETS_MANAGER_STORE } from '../../flux/add-ons/secret-stores.ts';
import { GRAFANA_LABELS, GRAFANA_PORT } from '../../flux/monitoring/grafana.ts';
import type { AddOnContext, Dashboard } from './context.ts';

/** What answers for each dashboard, and its pods where they are not in the mesh. */
const DASHBOARDS: Readonly<
  Record<
    Dashboard,
    Omit<DashboardRoute, 'name' | 'host'> & { unmeshed?: { pods: PlatformPods; port: number } }
  >
> = {
  grafana: {
    service: { name: `${KUBE_PROMETHEUS_STACK}-grafana`, namespace: MONITORING_NAMESPACE, port: 80 },
    addOn: KUBE_PROMETHEUS_STACK,
    unmeshed: { pods: { namespace: MONITORING_NAMESPACE, labels: GRAFANA_LABELS }, port: GRAFANA_PORT },
  },
  'linkerd-viz': {
    service: LINKERD_DASHBOARD,
    addOn: LINKERD_VIZ,
  },
};

/** How users get in. */
export function edgeAddOns(context: AddOnContext): AddOn[] {
  const { config, cluster, versions, domain, isHighlyAvailable, has, edge, network } = context;
  const { git } = config.platform;
  const common = { network, cluster: cluster.name, isHighlyAvailable };
  const { access, allowFrom } = edge;
  const ranges = subnets(cluster.vpcCidr, cluster.zones.length);
  const routes = dashboards(context);
  return [
    ingressNginx({
      ...common,
      version: versions['ingress-nginx'],
      certificateArn: clusterVar('CERTIFICATE_ARN'),
      access,
      loadBalancerCidrs: access === 'public' ? ranges.public : ranges.private,
      allowFrom,
      unmeshed: [
        ...routes.flatMap(({ unmeshed }) => unmeshed ?? []),
        ...(git.pushEvents && git.host !== 'none' ? [RECEIVER] : []),
      ],
      isMeasured: has('metrics-server'),
    }),
    externalDns({
      ...common,
      version: versions['external-dns'],
      region: cluster.region,
      domain,
      hostedZoneId: clusterVar('HOSTED_ZONE_ID'),
    }),
    certificateIssuers({ region: cluster.region, domain, hostedZoneId: clusterVar('HOSTED_ZONE_ID') }),
    // Where nobody vouches for people there is nothing to open, and nobody to ask.
    ...(edge.signIn && routes.length > 0
      ? [
          oauth2Proxy({
            ...common,
            ...edge.signIn,
            version: versions['oauth2-proxy'],
            secretStore: SECRETS_MANAGER_STORE,
            hosts: routes.map(({ host }) => host),
          }),
          dashboardRoutes(routes),
        ]
      : []),
  ];
}

/** The dashboards of the cluster that have an address. */
function dashboards({ dashboardHost }: AddOnContext) {
  return (Object.keys(DASHBOARDS) as Dashboard[]).flatMap((name) => {
    const host = dashboardHost(name);
    return host === undefined ? [] : [{ name, host, ...DASHBOARDS[name] }];
  });
}
