import type { Alert } from './alert.ts';

/** The scrape that the PodMonitor of the add-on mesh-metrics makes. */
const PROXIES = 'job="monitoring/linkerd-proxy"';

/** Nobody sees what users get, or what makes their requests safe is about to end. */
export const MESH_ALERTS: readonly Alert[] = [
  {
    alert: 'MeshUnmeasured',
    severity: 'critical',
    expr: `absent(up{${PROXIES}} == 1)`,
    minutes: 10,
    summary: 'Prometheus reads no proxy of the mesh: every release will be rolled back',
    description: 'No objective of any service is measured, and their alerts are silent.',
    runbook: 'mesh-unmeasured',
  },
  {
    alert: 'MeshPartlyUnmeasured',
    severity: 'warning',
    expr: `count(up{${PROXIES}} == 0) / count(up{${PROXIES}}) > 0.1`,
    minutes: 15,
    summary: '{{ $value | humanizePercentage }} of the proxies of the mesh can not be read',
    description:
      'What is measured of the services behind them is too little, and releases may be rolled back.',
    runbook: 'mesh-unmeasured',
  },
  {
    alert: 'CertificateNotReady',
    severity: 'warning',
    expr: 'max by (namespace, name) (certmanager_certificate_ready_status{condition="False"}) == 1',
    minutes: 30,
    summary: 'Certificate {{ $labels.name }} in {{ $labels.namespace }} is not ready',
    description: 'It was never issued, or is no longer what it should be.',
    runbook: 'certificates',
  },
  {
    alert: 'CertificateNotRenewed',
    severity: 'warning',
    // Whatever it lives for: each says itself when it is to be renewed.
    expr: 'time() - max by (namespace, name) (certmanager_certificate_renewal_timestamp_seconds > 0) > 3600',
    minutes: 15,
    summary: 'Certificate {{ $labels.name }} in {{ $labels.namespace }} should have been renewed by now',
    description: 'It is still valid. When it ends, so does what it stands for.',
    runbook: 'certificates',
  },
  {
    alert: 'CertificateExpiring',
    severity: 'critical',
    // The mesh's issuer, the shortest of all, is renewed with 25 hours left.
    expr: 'min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds > 0) - time() < 43200',
    minutes: 5,
    summary: 'Certificate {{ $labels.name }} in {{ $labels.namespace }} ends in less than twelve hours',
    description: 'If it is the one that the mesh issues by, no pod can start or renew its own from then on.',
    runbook: 'certificates',
  },
  {
    alert: 'MeshTrustAnchorExpiring',
    severity: 'warning',
    // A year ahead: the clock must not renew it, a person has to.
    expr: 'min(certmanager_certificate_expiration_timestamp_seconds{name="linkerd-trust-anchor"} > 0) - time() < 365 * 86400',
    minutes: 60,
    summary: 'The trust anchor of the mesh ends in {{ $value | humanizeDuration }}',
    description: 'On that day no pod trusts any other. To exchange it takes a command and a day.',
    runbook: 'rotate-the-trust-anchor',
  },
];
