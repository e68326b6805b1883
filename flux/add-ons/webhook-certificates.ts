// Certificates of webhooks, where charts would make one themselves that ends after a year without an upgrade.
import type { ICertificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate';
import type { IClusterIssuer } from '@kubernetes-models/cert-manager/cert-manager.io/v1/ClusterIssuer';
import type { IIssuer } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Issuer';
import type { Construct } from 'constructs';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CustomResource } from '../../charts/custom-resource.ts';
import { CERT_MANAGER } from './cert-manager.ts';

/** The ClusterIssuer that signs them. */
const AUTHORITY = 'webhook-authority';

/** What signs the certificates of webhooks: once in a cluster. */
export function webhookAuthority(scope: Construct): void {
  const root = `${AUTHORITY}-root`;
  new CustomResource<IIssuer>(scope, root, {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Issuer',
    metadata: { name: root, namespace: CERT_MANAGER },
    spec: { selfSigned: {} },
  });
  new CustomResource<ICertificate>(scope, `${AUTHORITY}-certificate`, {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: AUTHORITY, namespace: CERT_MANAGER },
    spec: {
      issuerRef: { name: root, kind: 'Issuer' },
      secretName: AUTHORITY,
      isCA: true,
      commonName: AUTHORITY,
      duration: '87600h',
      renewBefore: '8760h',
      // With its old key, so that what it signed before is still good.
      privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Never' },
    },
  });
  clusterScoped(
    new CustomResource<IClusterIssuer>(scope, AUTHORITY, {
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name: AUTHORITY },
      spec: { ca: { secretName: AUTHORITY } },
    }),
  );
}

export interface WebhookCertificateProps {
  /** The Service that the API server calls; also the name of the certificate. */
  service: string;
  namespace: string;
  /** The Secret that the webhook reads. */
  secret: string;
}

/** The certificate of one webhook, renewed by cert-manager, which also tells the API server of it. */
export function webhookCertificate(
  scope: Construct,
  { service, namespace, secret }: WebhookCertificateProps,
): void {
  new CustomResource<ICertificate>(scope, `${service}-certificate`, {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: service, namespace },
    spec: {
      issuerRef: { name: AUTHORITY, kind: 'ClusterIssuer' },
      secretName: secret,
      dnsNames: [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`],
      duration: '2160h',
      renewBefore: '720h',
      usages: ['server auth'],
      privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Always' },
    },
  });
}

/** The certificate of a webhook, as a chart's values name it. */
export function certificateName({ service, namespace }: Omit<WebhookCertificateProps, 'secret'>): string {
  return `${namespace}/${service}`;
}
