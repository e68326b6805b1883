import type { IClusterIssuer } from '@kubernetes-models/cert-manager/cert-manager.io/v1/ClusterIssuer';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';
import { CERT_MANAGER } from './cert-manager.ts';

export interface CertificateIssuersProps {
  region: string;
  /** The domain for whose names, and for those below it, certificates may be had. */
  domain: string;
  /** The Route 53 zone in which it is proved that they are ours. */
  hostedZoneId: string;
}

/** The name of the add-on. */
export const CERTIFICATE_ISSUERS = 'certificate-issuers';

/** Where Let's Encrypt issues: to try it out without its limits, and in earnest. @see https://letsencrypt.org/docs/acme-protocol-updates/ */
const SERVERS = {
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
};

/**
 * Public certificates for pods that end TLS themselves. The edge needs none: its load balancer has one of ACM's.
 *
 * By DNS, so that a name need not be reachable, and one with a `*` can be had.
 */
export function certificateIssuers({ region, domain, hostedZoneId }: CertificateIssuersProps): AddOn {
  return {
    name: CERTIFICATE_ISSUERS,
    namespace: CERT_MANAGER,
    dependsOn: [CERT_MANAGER],
    why: "Let's Encrypt, for pods that end TLS themselves.",
    needs: 'the role of cert-manager, which may change the hosted zone',
    objects(scope) {
      for (const [name, server] of Object.entries(SERVERS)) {
        clusterScoped(
          new CustomResource<IClusterIssuer>(scope, name, {
            apiVersion: 'cert-manager.io/v1',
            kind: 'ClusterIssuer',
            metadata: { name },
            spec: {
              acme: {
                server,
                // The account with the issuer; cert-manager makes it.
                privateKeySecretRef: { name: `${name}-account` },
                solvers: [
                  {
                    selector: { dnsZones: [domain] },
                    // With the role of cert-manager's own pods.
                    dns01: { route53: { region, hostedZoneID: hostedZoneId } },
                  },
                ],
              },
            },
          }),
        );
      }
    },
  };
}
