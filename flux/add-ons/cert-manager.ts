import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { ChartSource, HelmRelease, injectedCa } from '../helm-release.ts';
import { CRITICAL, spread } from '../pod-defaults.ts';
import { KARPENTER_NODES } from './karpenter-nodes.ts';

/** The name of the add-on and of its namespace. */
export const CERT_MANAGER = 'cert-manager';

export interface CertManagerProps {
  version: string;
  /** Whether each part runs more than once, over zones. */
  isHighlyAvailable: boolean;
  network: ClusterNetwork;
}

/** Keys of the cert-manager chart that we set. @see https://github.com/cert-manager/cert-manager/blob/master/deploy/charts/cert-manager/values.yaml */
interface CertManagerValues extends Part {
  crds: { enabled: boolean; keep: boolean };
  global: { priorityClassName: string; leaderElection: { namespace: string } };
  serviceAccount: { name: string };
  dns01RecursiveNameserversOnly: boolean;
  webhook: Part & { timeoutSeconds: number };
  cainjector: Part;
  startupapicheck: { resources: object };
}

/** What its three parts have in common. */
interface Part {
  replicaCount: number;
  podDisruptionBudget: { enabled: boolean; maxUnavailable?: number };
  topologySpreadConstraints: object[];
  resources: object;
}

/** Where the API server calls the webhooks of cert-manager and of trust-manager. */
const WEBHOOK_PORTS = [10250, 6443];

/** cert-manager, which issues and renews certificates: the mesh's, those of webhooks, and public ones. */
export function certManager({ version, isHighlyAvailable, network }: CertManagerProps): AddOn {
  const part = (component: string, replicas: number, memory: string): Part => ({
    replicaCount: isHighlyAvailable ? replicas : 1,
    podDisruptionBudget: isHighlyAvailable ? { enabled: true, maxUnavailable: 1 } : { enabled: false },
    topologySpreadConstraints: spread({
      'app.kubernetes.io/instance': CERT_MANAGER,
      'app.kubernetes.io/component': component,
    }),
    resources: { requests: { cpu: '10m', memory }, limits: { memory: '512Mi' } },
  });
  return {
    name: CERT_MANAGER,
    namespace: CERT_MANAGER,
    // The few nodes from before Karpenter have no room for everybody, and Karpenter runs nowhere else.
    dependsOn: [KARPENTER_NODES],
    why: 'Issues and renews certificates: those of the mesh, of webhooks, and public ones.',
    needs: 'a role in AWS that may answer DNS-01 challenges in the hosted zone',
    charts: [CERT_MANAGER],
    installs: ['acme.cert-manager.io', 'cert-manager.io'],
    sources(scope) {
      new ChartSource(scope, CERT_MANAGER, {
        url: 'oci://quay.io/jetstack/charts/cert-manager',
        // Its tags are those of its releases. What is signed is the archive on its own site, not this.
        version: `v${version}`,
      });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: CERT_MANAGER,
        network,
        ingress: [{ peers: [{ cidr: network.vpc }], ports: WEBHOOK_PORTS }],
        // ACME servers, Route 53 and STS.
        egress: [{ pods: { 'app.kubernetes.io/component': 'controller' }, ports: [443] }],
        metrics: [9402],
      });
      new HelmRelease<CertManagerValues>(scope, CERT_MANAGER, {
        chart: { source: CERT_MANAGER },
        writtenByOthers: [
          injectedCa('MutatingWebhookConfiguration'),
          injectedCa('ValidatingWebhookConfiguration'),
        ],
        values: {
          // The chart installs none by default. Kept when it goes: with them go all certificates.
          crds: { enabled: true, keep: true },
          global: {
            // Identities of the mesh end a day after it does.
            priorityClassName: CRITICAL,
            // By default in kube-system, where nothing of ours has any business.
            leaderElection: { namespace: CERT_MANAGER },
          },
          // The one that has the role.
          serviceAccount: { name: CERT_MANAGER },
          // Asks the cluster's DNS whether a challenge can be seen: no name server outside can be reached from here.
          dns01RecursiveNameserversOnly: true,
          ...part('controller', 2, '96Mi'),
          // More than the others: while it is away nothing that has to do with certificates can be applied.
          webhook: { ...part('webhook', 3, '48Mi'), timeoutSeconds: 10 },
          cainjector: part('cainjector', 2, '96Mi'),
          startupapicheck: {
            resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
          },
        },
      });
    },
  };
}
