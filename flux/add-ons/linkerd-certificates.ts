import type { ICertificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate';
import type { IClusterIssuer } from '@kubernetes-models/cert-manager/cert-manager.io/v1/ClusterIssuer';
import type { IIssuer } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Issuer';
import type { IBundle } from '@kubernetes-models/cert-manager/trust.cert-manager.io/v1alpha1/Bundle';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CustomResource } from '../../charts/custom-resource.ts';
import {
  IDENTITY_ISSUER,
  LINKERD_NAMESPACE,
  PREVIOUS_ANCHOR_LABEL,
  TRUST_ANCHOR,
  TRUST_ROOTS,
  TRUST_ROOTS_KEY,
} from '../../charts/linkerd-names.ts';
import { NAMESPACE_LABEL } from '../../charts/network-peers.ts';
import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { CERT_MANAGER } from './cert-manager.ts';
import { TRUST_MANAGER } from './trust-manager.ts';
import { webhookAuthority, webhookCertificate } from './webhook-certificates.ts';

/** The name of the add-on. */
export const LINKERD_CERTIFICATES = 'linkerd-certificates';

export interface LinkerdCertificatesProps {
  network: ClusterNetwork;
}

/** The signer of the anchor, which is signed by itself. */
const ROOT_ISSUER = 'linkerd-trust-root-issuer';

/** As Linkerd's proxies take them. */
const ECDSA = { algorithm: 'ECDSA', rotationPolicy: 'Always' } as const;

/** The ports of the control plane: destinations, identities, policies. Every meshed pod asks there. */
const CONTROL_PORTS = [8086, 8080, 8090];

/** Where the API server calls: the injector and the validator of profiles, and the validator of policies. */
const WEBHOOK_PORTS = [8443, 9443];

/** Where the injector tells how many pods it gave a proxy. */
const INJECTOR_METRICS_PORT = 9995;

/** The webhooks of the control plane, each by its Service, and the Secret that its chart reads. */
export const LINKERD_WEBHOOKS = {
  proxyInjector: { service: 'linkerd-proxy-injector', secret: 'linkerd-proxy-injector-k8s-tls' },
  profileValidator: { service: 'linkerd-sp-validator', secret: 'linkerd-sp-validator-k8s-tls' },
  policyValidator: { service: 'linkerd-policy-validator', secret: 'linkerd-policy-validator-k8s-tls' },
} as const;

/** A bundle that has been handed out as it is now. The control plane does not start without. */
const SYNCED =
  "has(status.conditions) && status.conditions.exists(c, c.type == 'Synced' && c.status == 'True' && c.observedGeneration == metadata.generation)";

const BUNDLE_HEALTH = {
  apiVersion: 'trust.cert-manager.io/v1alpha1',
  kind: 'Bundle',
  inProgress: `!(${SYNCED})`,
  current: SYNCED,
};

/**
 * The certificates that the mesh lives on, and the namespace that it reads them in.
 *
 * The anchor is what every proxy trusts; it signs the issuer, which signs the identities of pods. The issuer is renewed
 * by the clock, every day: everybody trusts its signer. The anchor must not be: a proxy trusts what it was started with,
 * so a new one has to be trusted everywhere before it signs. That takes steps in an order, which
 * `npm run mesh:rotate-anchor` knows.
 *
 * @see https://linkerd.io/2-edge/tasks/automatically-rotating-control-plane-tls-credentials/
 */
export function linkerdCertificates({ network }: LinkerdCertificatesProps): AddOn {
  return {
    name: LINKERD_CERTIFICATES,
    namespace: LINKERD_NAMESPACE,
    dependsOn: [CERT_MANAGER, TRUST_MANAGER],
    why: 'The certificates that the mesh lives on: its trust anchor, the issuer of identities, those of its webhooks.',
    health: [BUNDLE_HEALTH],
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: LINKERD_NAMESPACE,
        network,
        labels: {
          'linkerd.io/is-control-plane': 'true',
          'linkerd.io/control-plane-ns': LINKERD_NAMESPACE,
          // Its own injector: with this it can start when there is none.
          'config.linkerd.io/admission-webhooks': 'disabled',
        },
        ingress: [
          { peers: [{ cidr: network.vpc }], ports: CONTROL_PORTS },
          { peers: [{ cidr: network.vpc }], ports: WEBHOOK_PORTS },
        ],
        metrics: [INJECTOR_METRICS_PORT],
      });
      addIdentityChain();
      webhookAuthority(scope);
      for (const { service, secret } of Object.values(LINKERD_WEBHOOKS)) {
        webhookCertificate(scope, { service, secret, namespace: LINKERD_NAMESPACE });
      }

      function addIdentityChain(): void {
        new CustomResource<IIssuer>(scope, ROOT_ISSUER, {
          apiVersion: 'cert-manager.io/v1',
          kind: 'Issuer',
          metadata: { name: ROOT_ISSUER, namespace: CERT_MANAGER },
          spec: { selfSigned: {} },
        });
        new CustomResource<ICertificate>(scope, TRUST_ANCHOR, {
          apiVersion: 'cert-manager.io/v1',
          kind: 'Certificate',
          metadata: { name: TRUST_ANCHOR, namespace: CERT_MANAGER },
          spec: {
            issuerRef: { name: ROOT_ISSUER, kind: 'Issuer' },
            secretName: TRUST_ANCHOR,
            isCA: true,
            commonName: 'root.linkerd.cluster.local',
            // Ten years. An alert asks for its rotation a year before the end.
            duration: '87600h',
            // Renewed by the clock it would cut off every pod that trusts the one before. So the clock's turn comes
            // when it would end anyway.
            renewBefore: '24h',
            privateKey: ECDSA,
          },
        });
        clusterScoped(
          new CustomResource<IClusterIssuer>(scope, 'identity-signer', {
            apiVersion: 'cert-manager.io/v1',
            kind: 'ClusterIssuer',
            metadata: { name: IDENTITY_ISSUER },
            spec: { ca: { secretName: TRUST_ANCHOR } },
          }),
        );
        new CustomResource<ICertificate>(scope, IDENTITY_ISSUER, {
          apiVersion: 'cert-manager.io/v1',
          kind: 'Certificate',
          metadata: { name: IDENTITY_ISSUER, namespace: LINKERD_NAMESPACE },
          spec: {
            issuerRef: { name: IDENTITY_ISSUER, kind: 'ClusterIssuer' },
            secretName: IDENTITY_ISSUER,
            isCA: true,
            commonName: 'identity.linkerd.cluster.local',
            duration: '48h',
            // An identity is good for 24 hours, and never longer than what signed it: an hour to try again.
            renewBefore: '25h',
            privateKey: ECDSA,
          },
        });
        clusterScoped(
          new CustomResource<IBundle>(scope, TRUST_ROOTS, {
            apiVersion: 'trust.cert-manager.io/v1alpha1',
            kind: 'Bundle',
            metadata: { name: TRUST_ROOTS },
            spec: {
              sources: [
                { secret: { name: TRUST_ANCHOR, key: 'tls.crt' } },
                // By label: between rotations there is none, and a name that is not there stops the bundle.
                { secret: { selector: { matchLabels: PREVIOUS_ANCHOR_LABEL }, key: 'tls.crt' } },
              ],
              target: {
                configMap: { key: TRUST_ROOTS_KEY },
                namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: LINKERD_NAMESPACE } },
              },
            },
          }),
        );
      }
    },
  };
}
