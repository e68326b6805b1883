import { clusterVar } from '../../config/cluster-vars.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { type DashboardRoute, dashboardRoutes } from '../../flux/add-ons/dashboard-routes.ts';
import { externalDns } from '../../flux/add-ons/external-dns.ts';
import { ingressNginx } from '../../flux/add-ons/ingress-nginx.ts';
import { oauth2Proxy } from '../../flux/add-ons/oauth2-proxy.ts';
import { SECRETS_MANAGER_STORE } from '../../flux/add-ons/secret-stores.ts';
import type { AddOnContext, Dashboard } from './context.ts';

/** What answers for each dashboard. */
const DASHBOARDS: Readonly<Record<Dashboard, Omit<DashboardRoute, 'name' | 'host'>>> = {
  grafana: {
    service: { name: 'kube-prometheus-stack-grafana', namespace: 'monitoring', port: 80 },
    addOn: 'kube-prometheus-stack',
  },
  'linkerd-viz': {
    service: { name: 'web', namespace: 'linkerd-viz', port: 8084 },
    addOn: 'linkerd-viz',
  },
};

/** How users get in. */
export function edgeAddOns(context: AddOnContext): AddOn[] {
  const { cluster, versions, domain, isHighlyAvailable, has, edge, network } = context;
  const common = { network, cluster: cluster.name, isHighlyAvailable };
  const routes = dashboards(context);
  return [
    ingressNginx({
      ...common,
      version: versions['ingress-nginx'],
      certificateArn: clusterVar('CERTIFICATE_ARN'),
      access: edge.access,
      allowFrom: edge.allowFrom,
      isMeasured: has('metrics-server'),
    }),
    externalDns({
      ...common,
      version: versions['external-dns'],
      region: cluster.region,
      domain,
      hostedZoneId: clusterVar('HOSTED_ZONE_ID'),
    }),
    // It guards what nobody can reach unless somebody vouches for people.
    ...(edge.signIn
      ? [
          oauth2Proxy({
            ...common,
            ...edge.signIn,
            version: versions['oauth2-proxy'],
            secretStore: SECRETS_MANAGER_STORE,
            hosts: routes.map(({ host }) => host),
          }),
        ]
      : []),
    ...(routes.length > 0 ? [dashboardRoutes(routes)] : []),
  ];
}

/** The dashboards of the cluster that have an address. */
function dashboards({ dashboardHost }: AddOnContext): DashboardRoute[] {
  return (Object.keys(DASHBOARDS) as Dashboard[]).flatMap((name) => {
    const host = dashboardHost(name);
    return host === undefined ? [] : [{ name, host, ...DASHBOARDS[name] }];
  });
}
