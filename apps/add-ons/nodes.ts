import { clusterVar } from '../../config/cluster-vars.ts';
import { clusterNodes } from '../../config/nodes.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { loadBalancerController } from '../../flux/add-ons/aws-load-balancer-controller.ts';
import { CERT_MANAGER } from '../../flux/add-ons/cert-manager.ts';
import { externalSecrets } from '../../flux/add-ons/external-secrets.ts';
import { karpenter, karpenterCrds } from '../../flux/add-ons/karpenter.ts';
import { karpenterNodes } from '../../flux/add-ons/karpenter-nodes.ts';
import { metricsServer } from '../../flux/add-ons/metrics-server.ts';
import { secretStores } from '../../flux/add-ons/secret-stores.ts';
import { storage } from '../../flux/add-ons/storage.ts';
import type { AddOnContext } from './context.ts';

/** Namespaces of the platform that ask Secrets Manager for what is theirs. */
const PLATFORM_WITH_SECRETS = ['flagger-system', 'flux-system', 'monitoring', 'oauth2-proxy'];

/** What nodes, volumes and load balancers come from, and the secrets of apps. */
export function nodesAddOns(context: AddOnContext): AddOn[] {
  const { config, cluster, versions, isHighlyAvailable, network } = context;
  const { name, region, apps } = cluster;
  const common = { cluster: name, isHighlyAvailable, network };
  return [
    karpenterCrds({ version: versions.karpenter }),
    karpenter({ ...common, version: versions.karpenter, region }),
    karpenterNodes({
      cluster: name,
      bottlerocket: versions.bottlerocket,
      isHighlyAvailable,
      ...clusterNodes(config.platform, cluster),
    }),
    loadBalancerController({
      ...common,
      version: versions['aws-load-balancer-controller'],
      region,
      vpcId: clusterVar('VPC_ID'),
    }),
    storage(),
    metricsServer({ ...common, version: versions['metrics-server'], certificates: CERT_MANAGER }),
    externalSecrets({ ...common, version: versions['external-secrets'] }),
    secretStores({ region, secrets: [...PLATFORM_WITH_SECRETS, ...apps], parameters: apps }),
  ];
}
