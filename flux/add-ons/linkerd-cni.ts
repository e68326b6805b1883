import { LINKERD_CHARTS } from '../../charts/linkerd-names.ts';
import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import { exceptFromPolicy } from '../../charts/policy-exception.ts';
import type { AddOn } from '../add-on.ts';
import { HelmRelease } from '../helm-release.ts';
import { CRITICAL_FOR_NODES } from '../pod-defaults.ts';

/** The name of the add-on and of its namespace. */
export const LINKERD_CNI = 'linkerd-cni';

export interface LinkerdCniProps {
  /** Of the charts of Linkerd. */
  version: string;
  network: ClusterNetwork;
}

/** Keys of the linkerd2-cni chart that we set. @see https://github.com/linkerd/linkerd2/blob/main/charts/linkerd2-cni/values.yaml */
interface LinkerdCniValues {
  iptablesMode: 'plain' | 'nft' | 'legacy';
  priorityClassName: string;
  repairController: { enabled: boolean; resources: LinkerdResources };
  resources: LinkerdResources;
}

/** What a pod asks for, in the words of Linkerd's charts. */
export interface LinkerdResources {
  cpu?: { request: string };
  memory: { request: string; limit: string };
}

/**
 * The plugin that leads the traffic of meshed pods through their proxies, on every node. Without it each pod would do that
 * itself at its start, with a right (`NET_ADMIN`) that restricted pod security gives to nobody.
 */
export function linkerdCni({ version, network }: LinkerdCniProps): AddOn {
  return {
    name: LINKERD_CNI,
    namespace: LINKERD_CNI,
    dependsOn: [],
    why: 'Leads the traffic of meshed pods through their proxies, so that no pod needs rights of its own for it.',
    charts: ['linkerd'],
    objects(scope) {
      const { namespace } = new PlatformNamespace(scope, 'namespace', {
        name: LINKERD_CNI,
        network,
        podSecurity: 'privileged',
        labels: {
          'linkerd.io/cni-resource': 'true',
          // What sets up the mesh must not wait for it.
          'config.linkerd.io/admission-webhooks': 'disabled',
        },
      });
      exceptFromPolicy(namespace, 'pod-security', 'the plugin writes into the folders of its node');
      new HelmRelease<LinkerdCniValues>(scope, LINKERD_CNI, {
        chart: { repository: LINKERD_CHARTS.name, name: 'linkerd2-cni', version },
        values: {
          // Bottlerocket has one `iptables` and none that is called `iptables-nft`, which is the chart's default.
          iptablesMode: 'plain',
          // A node that lacks it starts no meshed pod.
          priorityClassName: CRITICAL_FOR_NODES,
          // A pod that was faster on a new node than the plugin has no proxy in its way: it is started anew.
          repairController: {
            enabled: true,
            resources: { cpu: { request: '5m' }, memory: { request: '16Mi', limit: '64Mi' } },
          },
          resources: { cpu: { request: '5m' }, memory: { request: '16Mi', limit: '64Mi' } },
        },
      });
    },
  };
}
