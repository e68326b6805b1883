import { CustomResource } from '../../charts/custom-resource.ts';
import { LINKERD_CHARTS } from '../../charts/linkerd-names.ts';
import type { IAuthorizationPolicy, IMeshTLSAuthentication, IServer } from '../../charts/linkerd-types.ts';
import { MESH_TAP_PORT } from '../../charts/network-peers.ts';
import type { MeshedPods } from '../../charts/platform.ts';
import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { HelmRelease, injectedCa } from '../helm-release.ts';
import type { LinkerdResources } from './linkerd-cni.ts';
import { LINKERD_CONTROL_PLANE } from './linkerd-control-plane.ts';
import { certificateName, webhookCertificate } from './webhook-certificates.ts';

/** The name of the add-on and of its namespace. */
export const LINKERD_VIZ = 'linkerd-viz' as const;

/** The Service of the dashboard, which the edge shows to who has signed in. */
export const LINKERD_DASHBOARD = { name: 'web', namespace: LINKERD_VIZ, port: 8084 } as const;

export interface LinkerdVizProps {
  /** Of the charts of Linkerd. */
  version: string;
  isHighlyAvailable: boolean;
  network: ClusterNetwork;
  /** The Prometheus that scrapes the mesh's proxies. */
  prometheusUrl: string;
  /** The port of {@link LinkerdVizProps.prometheusUrl}, at its pods. */
  prometheusPort: number;
  /** The host at which people who have signed in open the dashboard. @default none: they forward its port by kubectl */
  host: string | undefined;
  /** Who brings them there. */
  ingressController: MeshedPods;
}

/** Keys of the linkerd-viz chart that we set. @see https://github.com/linkerd/linkerd2/blob/main/viz/charts/linkerd-viz/values.yaml */
interface LinkerdVizValues {
  prometheusUrl: string;
  prometheus: { enabled: boolean };
  createNamespaceMetadataJob: boolean;
  enablePodAntiAffinity: boolean;
  enablePodDisruptionBudget: boolean;
  metricsAPI: Part;
  dashboard: Part & { enforcedHostRegexp: string };
  tap: Part & WebhookValues;
  tapInjector: Part & WebhookValues;
}

interface Part {
  replicas: number;
  resources: LinkerdResources;
}

interface WebhookValues {
  externalSecret: boolean;
  injectCaFrom: string;
}

/** The parts that the API server calls, each by its Service, and the Secret that its chart reads. */
const WEBHOOKS = {
  tap: { service: 'tap', secret: 'tap-k8s-tls', port: 8089 },
  tapInjector: { service: 'tap-injector', secret: 'tap-injector-k8s-tls', port: 8443 },
} as const;

/** Its API, which the dashboard asks. */
const METRICS_API_PORT = 8085;

/** Labels of the pods that ask proxies for the requests that pass. */
export const TAP_LABELS = component('tap');

/** Linkerd's dashboard: who calls whom, how often and with what success, drawn from the platform's own Prometheus. */
export function linkerdViz(props: LinkerdVizProps): AddOn {
  const { network, ingressController } = props;
  return {
    name: LINKERD_VIZ,
    namespace: LINKERD_VIZ,
    dependsOn: [LINKERD_CONTROL_PLANE],
    why: "Linkerd's dashboard: who calls whom, how often and with what success.",
    charts: ['linkerd'],
    objects(scope) {
      const own = { namespace: LINKERD_VIZ };
      const api = { cidr: network.vpc };
      new PlatformNamespace(scope, 'namespace', {
        name: LINKERD_VIZ,
        network,
        // By which `linkerd viz` finds it; the chart would send a Job to write it.
        labels: { 'linkerd.io/extension': 'viz' },
        ingress: [
          { pods: component('metrics-api'), peers: [own], ports: [METRICS_API_PORT] },
          ...Object.values(WEBHOOKS).map(({ service, port }) => ({
            pods: component(service),
            peers: [api],
            ports: [port],
          })),
          { pods: component('web'), peers: [ingressController], ports: [LINKERD_DASHBOARD.port] },
        ],
        egress: [
          { pods: component('web'), peers: [own], ports: [METRICS_API_PORT] },
          { pods: component('metrics-api'), peers: [network.prometheus], ports: [props.prometheusPort] },
          { pods: component('tap'), peers: [{ cidr: network.vpc }], ports: [MESH_TAP_PORT] },
        ],
      });
      for (const { service, secret } of Object.values(WEBHOOKS)) {
        webhookCertificate(scope, { service, secret, namespace: LINKERD_VIZ });
      }
      onlyFor(ingressController);
      new HelmRelease<LinkerdVizValues>(scope, LINKERD_VIZ, {
        chart: { repository: LINKERD_CHARTS.name, name: 'linkerd-viz', version: props.version },
        writtenByOthers: [
          injectedCa('MutatingWebhookConfiguration'),
          { kind: 'APIService', paths: ['/spec/caBundle'] },
        ],
        values: values(props),
      });

      /** The dashboard shows all that is said in the cluster: nobody reaches it but who has signed in at the edge. */
      function onlyFor({ namespace, serviceAccount }: MeshedPods): void {
        const name = 'dashboard';
        new CustomResource<IServer>(scope, 'server', {
          apiVersion: 'policy.linkerd.io/v1beta3',
          kind: 'Server',
          metadata: { name },
          spec: {
            podSelector: { matchLabels: component('web') },
            port: 'http',
            proxyProtocol: 'HTTP/1',
          },
        });
        new CustomResource<IMeshTLSAuthentication>(scope, 'edge', {
          apiVersion: 'policy.linkerd.io/v1alpha1',
          kind: 'MeshTLSAuthentication',
          metadata: { name },
          spec: { identityRefs: [{ kind: 'ServiceAccount', name: serviceAccount, namespace }] },
        });
        new CustomResource<IAuthorizationPolicy>(scope, 'authorization', {
          apiVersion: 'policy.linkerd.io/v1alpha1',
          kind: 'AuthorizationPolicy',
          metadata: { name },
          spec: {
            targetRef: { group: 'policy.linkerd.io', kind: 'Server', name },
            requiredAuthenticationRefs: [{ group: 'policy.linkerd.io', kind: 'MeshTLSAuthentication', name }],
          },
        });
      }
    },
  };
}

/** The labels of the pods of one of its parts. */
function component(name: string) {
  return { 'linkerd.io/extension': 'viz', component: name };
}

function values({ isHighlyAvailable, prometheusUrl, host }: LinkerdVizProps): LinkerdVizValues {
  const part: Part = {
    // A dashboard may be away for a while; who looks at it during a drain need not see it go.
    replicas: isHighlyAvailable ? 2 : 1,
    resources: { cpu: { request: '10m' }, memory: { request: '50Mi', limit: '250Mi' } },
  };
  const webhook = ({ service }: { service: string }): WebhookValues => ({
    externalSecret: true,
    injectCaFrom: certificateName({ service, namespace: LINKERD_VIZ }),
  });
  return {
    // The platform's, which has more than six hours and is what releases are judged by.
    prometheusUrl,
    prometheus: { enabled: false },
    // Its Job would wait for the namespace's policies; what it writes stands on the namespace.
    createNamespaceMetadataJob: false,
    enablePodAntiAffinity: isHighlyAvailable,
    enablePodDisruptionBudget: isHighlyAvailable,
    metricsAPI: part,
    // It answers to its own names only, so that no page of somebody else's can ask it from a browser. The port is that
    // of a forwarding by hand.
    dashboard: {
      ...part,
      enforcedHostRegexp: `^(${[...(host === undefined ? [] : [host]), 'localhost', '127.0.0.1'].map(escaped).join('|')})(:\\d+)?$`,
    },
    tap: { ...part, ...webhook(WEBHOOKS.tap) },
    tapInjector: { ...part, ...webhook(WEBHOOKS.tapInjector) },
  };
}

function escaped(text: string): string {
  return text.replaceAll('.', '\\.');
}
