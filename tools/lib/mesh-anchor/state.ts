// What a rotation of the mesh's trust anchor is decided by: what the cluster holds, and nothing that is remembered.
import type { X509Certificate } from 'node:crypto';

/** A certificate that cert-manager issues. */
export interface Issued {
  certificate: X509Certificate;
  /** Whether cert-manager is at work on a new one. */
  isIssuing: boolean;
}

/** The anchor before: it is there while it is exchanged. */
export interface PreviousAnchor {
  certificate: X509Certificate;
  /** Whether it is handed out to be trusted, beside the new one. */
  isTrusted: boolean;
  /** Whether its private key is there too, so that it can go on signing. */
  hasKey: boolean;
  /** When the issuer was first seen to be signed by the new anchor. @default not yet */
  issuerMovedAt?: Date | undefined;
}

/** What runs pods with proxies, and has to be started anew for them to trust something else. */
export interface Workload {
  kind: 'DaemonSet' | 'Deployment' | 'StatefulSet';
  namespace: string;
  name: string;
  /** Whether it has been told to start anew with the bundle as it is now. */
  isTold: boolean;
}

/** Pods whose proxies do not trust the bundle as it is now. */
export interface StalePods {
  /** The control plane's, which has to go first: it gives others what they trust. */
  controlPlane: readonly Workload[];
  others: readonly Workload[];
  /** Those that nothing of these runs, as `namespace/name`: they must come to their end. */
  alone: readonly string[];
}

export interface MeshState {
  now: Date;
  anchor: Issued;
  previous?: PreviousAnchor | undefined;
  /** The Secret that the ClusterIssuer of the mesh signs with, and whether cert-manager has taken it up. */
  signer: { secret: string; isReady: boolean };
  /** What signs the identities of pods. */
  issuer: Issued;
  /** What pods that start now trust. */
  bundle: readonly X509Certificate[];
  stale: StalePods;
  /** Releases that are being judged, as `namespace/name`: to start their pods anew would begin them again. */
  releases: readonly string[];
}

/** Whether two certificates are one. */
export function isSame(a: X509Certificate, b: X509Certificate): boolean {
  return a.fingerprint256 === b.fingerprint256;
}

/** Whether one certificate was signed by another. */
export function isSignedBy(certificate: X509Certificate, by: X509Certificate): boolean {
  return certificate.checkIssued(by) && certificate.verify(by.publicKey);
}
