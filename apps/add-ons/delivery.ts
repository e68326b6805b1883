import { STATUS_PREFIX } from '../../config/status-context.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { FLAGGER, flagger } from '../../flux/add-ons/flagger.ts';
import { INGRESS_NGINX } from '../../flux/add-ons/ingress-nginx.ts';
import { flaggerTells, notifications } from '../../flux/add-ons/notifications.ts';
import { SECRET_STORES, SECRETS_MANAGER_STORE } from '../../flux/add-ons/secret-stores.ts';
import { browsable } from '../git-host.ts';
import { automatesImages } from '../image-automation.ts';
import type { AddOnContext } from './context.ts';

/** What releases a new version, and tells how it went. */
export function deliveryAddOns(context: AddOnContext): AddOn[] {
  const { versions, cluster, network, prometheusUrl } = context;
  const prometheusPort = Number(new URL(prometheusUrl).port);
  return [
    flagger({ versions, cluster: cluster.name, network, prometheusUrl, prometheusPort }),
    ...told(context),
  ];
}

/** Nothing where nobody is to be told and no secret is needed. */
function told({ config: { platform }, cluster, domain }: AddOnContext): AddOn[] {
  const { git, alerts, registryAccess } = platform;
  const host = git.host === 'none' ? undefined : git.host;
  const pullSecret = registryAccess === 'pull-secret' && automatesImages(platform, cluster);
  if (host === undefined && alerts === undefined && !pullSecret) return [];
  return [
    notifications({
      cluster: cluster.name,
      git: host && { host, url: browsable(git.url), context: `${STATUS_PREFIX}/${cluster.name}` },
      alerts,
      receiverHost: git.pushEvents && host ? `flux-${cluster.name}.${domain}` : undefined,
      pullSecret,
      store: SECRETS_MANAGER_STORE,
      dependsOn: [
        SECRET_STORES,
        ...(git.pushEvents && host ? [INGRESS_NGINX] : []),
        ...(flaggerTells(alerts) ? [FLAGGER] : []),
      ],
    }),
  ];
}
