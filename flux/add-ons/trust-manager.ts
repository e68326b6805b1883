import type { AddOn } from '../add-on.ts';
import { ChartSource, HelmRelease, injectedCa } from '../helm-release.ts';
import { CRITICAL, spread } from '../pod-defaults.ts';
import { CERT_MANAGER } from './cert-manager.ts';

/** The name of the add-on. */
export const TRUST_MANAGER = 'trust-manager';

export interface TrustManagerProps {
  version: string;
  isHighlyAvailable: boolean;
}

/** Keys of the trust-manager chart that we set. @see https://github.com/cert-manager/trust-manager/blob/main/deploy/charts/trust-manager/values.yaml */
interface TrustManagerValues {
  crds: { enabled: boolean; keep: boolean };
  replicaCount: number;
  podDisruptionBudget: { enabled: boolean; maxUnavailable?: number };
  topologySpreadConstraints: object[];
  priorityClassName: string;
  resources: object;
  defaultPackage: { enabled: boolean };
}

/**
 * trust-manager, which hands certificates that others trust to where they are read. It stands in cert-manager's namespace:
 * it reads the Secrets of its own namespace only, and the mesh's anchor is there.
 */
export function trustManager({ version, isHighlyAvailable }: TrustManagerProps): AddOn {
  return {
    name: TRUST_MANAGER,
    namespace: CERT_MANAGER,
    // Which issues the certificate of its webhook.
    dependsOn: [CERT_MANAGER],
    why: "Hands the mesh's trust anchors to its control plane, the previous one too while one is exchanged.",
    charts: [TRUST_MANAGER],
    installs: ['trust.cert-manager.io'],
    sources(scope) {
      new ChartSource(scope, TRUST_MANAGER, {
        url: 'oci://quay.io/jetstack/charts/trust-manager',
        version: `v${version}`,
      });
    },
    objects(scope) {
      new HelmRelease<TrustManagerValues>(scope, TRUST_MANAGER, {
        chart: { source: TRUST_MANAGER },
        writtenByOthers: [injectedCa('ValidatingWebhookConfiguration')],
        values: {
          // Kept when it goes: with the kind would go the mesh's bundle.
          crds: { enabled: true, keep: true },
          replicaCount: isHighlyAvailable ? 2 : 1,
          podDisruptionBudget: isHighlyAvailable ? { enabled: true, maxUnavailable: 1 } : { enabled: false },
          topologySpreadConstraints: spread({ 'app.kubernetes.io/name': TRUST_MANAGER }),
          priorityClassName: CRITICAL,
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
          // The public CAs of a Linux distribution: no bundle of ours takes any.
          defaultPackage: { enabled: false },
        },
      });
    },
  };
}
