import { LINKERD_CHARTS, LINKERD_NAMESPACE } from '../../charts/linkerd-names.ts';
import type { AddOn } from '../add-on.ts';
import { HelmRelease, injectedCa } from '../helm-release.ts';
import { CRITICAL } from '../pod-defaults.ts';
import { LINKERD_WEBHOOKS } from './linkerd-certificates.ts';
import { LINKERD_CNI, type LinkerdResources } from './linkerd-cni.ts';
import { LINKERD_CRDS } from './linkerd-crds.ts';
import { certificateName } from './webhook-certificates.ts';

/** The name of the add-on. */
export const LINKERD_CONTROL_PLANE = 'linkerd-control-plane';

export interface LinkerdControlPlaneProps {
  /** Of the charts of Linkerd. */
  version: string;
  isHighlyAvailable: boolean;
  /** The CIDR of the nodes, from which pods are probed. */
  vpc: string;
  /** Namespaces whose pods start without asking the injector: what it stands on itself. */
  withoutInjection: readonly string[];
}

/** Keys of the linkerd-control-plane chart that we set. @see https://github.com/linkerd/linkerd2/blob/main/charts/linkerd-control-plane/values.yaml */
interface LinkerdControlPlaneValues {
  cniEnabled: boolean;
  disableHeartBeat: boolean;
  identity: { externalCA: boolean; issuer: { scheme: 'kubernetes.io/tls' } };
  proxy: { nativeSidecar: boolean; resources: LinkerdResources };
  policyController: { probeNetworks: string[]; resources: LinkerdResources };
  proxyInjector: WebhookValues & { namespaceSelector: object };
  profileValidator: WebhookValues;
  policyValidator: WebhookValues;
  webhookFailurePolicy: 'Fail' | 'Ignore';
  priorityClassName: string;
  controllerReplicas: number;
  highAvailability: boolean;
  enablePodAntiAffinity: boolean;
  enablePodDisruptionBudget: boolean;
  deploymentStrategy: { rollingUpdate: { maxUnavailable: number; maxSurge: string } };
  destinationResources: LinkerdResources;
  identityResources: LinkerdResources;
  proxyInjectorResources: LinkerdResources;
  spValidatorResources: LinkerdResources;
}

interface WebhookValues {
  externalSecret: boolean;
  injectCaFrom: string;
}

/** Linkerd's control plane: where proxies ask who they are, whom a request may go to and who may call. */
export function linkerdControlPlane(props: LinkerdControlPlaneProps): AddOn {
  return {
    name: LINKERD_CONTROL_PLANE,
    namespace: LINKERD_NAMESPACE,
    dependsOn: [LINKERD_CRDS, LINKERD_CNI],
    startMinutes: 15,
    why: 'Gives pods identities, encrypts what they say to each other, splits requests and refuses strangers.',
    charts: ['linkerd'],
    objects(scope) {
      new HelmRelease<LinkerdControlPlaneValues>(scope, LINKERD_CONTROL_PLANE, {
        chart: { repository: LINKERD_CHARTS.name, name: 'linkerd-control-plane', version: props.version },
        // Three replicas of three parts, one after another, each with a proxy that has to have an identity first.
        timeoutMinutes: 10,
        writtenByOthers: [
          injectedCa('MutatingWebhookConfiguration'),
          injectedCa('ValidatingWebhookConfiguration'),
        ],
        values: values(props),
      });
    },
  };
}

function values({
  isHighlyAvailable,
  vpc,
  withoutInjection,
}: LinkerdControlPlaneProps): LinkerdControlPlaneValues {
  const webhook = ({ service }: { service: string }): WebhookValues => ({
    // cert-manager's, which it renews: the chart's own ends a year after the last upgrade.
    externalSecret: true,
    injectCaFrom: certificateName({ service, namespace: LINKERD_NAMESPACE }),
  });
  const resources = (request: string): LinkerdResources => ({
    cpu: { request: isHighlyAvailable ? '100m' : '10m' },
    memory: { request, limit: '250Mi' },
  });
  return {
    // Else every pod would need the right to change its network: see linkerd-cni.
    cniEnabled: true,
    // Asks the project's servers every day for news of versions. Renovate does that.
    disableHeartBeat: true,
    identity: {
      // The bundle that trust-manager makes, and the issuer that cert-manager renews.
      externalCA: true,
      issuer: { scheme: 'kubernetes.io/tls' },
    },
    proxy: {
      // The chart's default, said aloud: with it a proxy starts before its pod's containers and stops after them, which
      // is what rolling restarts and Jobs stand on.
      nativeSidecar: true,
      resources: {
        cpu: { request: isHighlyAvailable ? '100m' : '10m' },
        memory: { request: '20Mi', limit: '250Mi' },
      },
    },
    policyController: {
      // Probes need no identity, but come from nodes. By default they may come from anywhere.
      probeNetworks: [vpc],
      resources: resources('50Mi'),
    },
    proxyInjector: {
      ...webhook(LINKERD_WEBHOOKS.proxyInjector),
      namespaceSelector: {
        matchExpressions: [
          { key: 'config.linkerd.io/admission-webhooks', operator: 'NotIn', values: ['disabled'] },
          { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [...withoutInjection] },
        ],
      },
    },
    profileValidator: webhook(LINKERD_WEBHOOKS.profileValidator),
    policyValidator: webhook(LINKERD_WEBHOOKS.policyValidator),
    // A pod that starts without its proxy is refused by all others, and no release of it can be judged: better that it
    // is tried again.
    webhookFailurePolicy: 'Fail',
    // Proxies live on for a while without it; pods that start do not.
    priorityClassName: CRITICAL,
    controllerReplicas: isHighlyAvailable ? 3 : 1,
    // What `linkerd check` goes by.
    highAvailability: isHighlyAvailable,
    enablePodAntiAffinity: isHighlyAvailable,
    // With one replica a budget would hold up every drain.
    enablePodDisruptionBudget: isHighlyAvailable,
    // Of three on three nodes one must go before the next can come, and of one the next must come first.
    deploymentStrategy: { rollingUpdate: { maxUnavailable: isHighlyAvailable ? 1 : 0, maxSurge: '25%' } },
    destinationResources: resources('50Mi'),
    identityResources: resources('20Mi'),
    proxyInjectorResources: resources('50Mi'),
    spValidatorResources: resources('50Mi'),
  };
}
