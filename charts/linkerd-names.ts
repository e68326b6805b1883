// Names that the parts of the mesh, its certificates and the program that rotates them share. Most are Linkerd's own.

/** The namespace of cert-manager, in which a ClusterIssuer finds the Secret that it signs with. */
export const CERTIFICATES_NAMESPACE = 'cert-manager';

/** The namespace of the control plane. */
export const LINKERD_NAMESPACE = 'linkerd';

/** The repository of all of Linkerd's charts. Its open-source releases are those of the edge channel. */
export const LINKERD_CHARTS = { name: 'linkerd-edge', url: 'https://helm.linkerd.io/edge' } as const;

/** The root of all identities: a Certificate and its Secret, in cert-manager's namespace. */
export const TRUST_ANCHOR = 'linkerd-trust-anchor';

/** The Secret with the anchor before, in cert-manager's namespace, while the anchor is exchanged. */
export const PREVIOUS_ANCHOR = 'linkerd-previous-anchor';

/** What a Secret carries so that its certificate is trusted beside the anchor's. */
export const PREVIOUS_ANCHOR_LABEL = { 'slipway.dev/mesh-anchor': 'previous' } as const;

/** What signs identities: a Certificate and its Secret in Linkerd's namespace, and the ClusterIssuer that signs it. */
export const IDENTITY_ISSUER = 'linkerd-identity-issuer';

/** The certificates that proxies trust: a Bundle, and the ConfigMap that it makes in Linkerd's namespace. */
export const TRUST_ROOTS = 'linkerd-identity-trust-roots';

/** The key in the ConfigMap of {@link TRUST_ROOTS}. */
export const TRUST_ROOTS_KEY = 'ca-bundle.crt';
