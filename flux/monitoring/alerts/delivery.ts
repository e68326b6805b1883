import { FLUX_NAMESPACE } from '../../names.ts';
import type { Alert } from './alert.ts';

/** What is told of Flux, in whose namespace all its objects are but the HelmReleases. */
const OBJECTS = 'kind=~"Kustomization|HelmRelease|GitRepository|OCIRepository|HelmRepository|HelmChart"';

/** The reason is a label too, and may change while the trouble stays the same. */
const byObject = 'max by (kind, exported_namespace, name)';

/** What git says does not become what is, or nobody judges releases. */
export const DELIVERY_ALERTS: readonly Alert[] = [
  {
    alert: 'FluxNotReady',
    severity: 'warning',
    // Not ready is "Unknown" while a release is judged, and "False" when something has failed.
    expr: `${byObject} (flux_resource_info{${OBJECTS}, ready="False", suspended!="True"}) == 1`,
    // Three looks of the operator's; a new try comes each minute.
    minutes: 15,
    summary: 'What git says is not what runs: {{ $labels.kind }} {{ $labels.name }} is not ready',
    description:
      'What ran before goes on running, and what depends on it is not brought up to date. Of an app whose release was rolled back, it ends with the next commit that succeeds.',
    runbook: 'flux-not-ready',
  },
  {
    alert: 'FluxSuspended',
    severity: 'warning',
    expr: `${byObject} (flux_resource_info{suspended="True"}) == 1`,
    minutes: 24 * 60,
    summary: '{{ $labels.kind }} {{ $labels.name }} has been suspended for a day',
    description: 'Nothing that is committed reaches it, and nothing that is changed by hand is mended.',
    runbook: 'flux-not-ready',
  },
  {
    alert: 'FluxUnmeasured',
    severity: 'warning',
    expr: `absent(flux_resource_info{exported_namespace="${FLUX_NAMESPACE}", kind="Kustomization"})`,
    minutes: 30,
    summary: 'Nobody can tell whether what git says is what runs',
    description: 'Prometheus has nothing from the flux-operator.',
    runbook: 'flux-not-ready',
  },
  {
    alert: 'FlaggerUnmeasured',
    severity: 'warning',
    expr: 'absent(flagger_info)',
    minutes: 15,
    summary: 'Nobody judges releases, or nobody can tell',
    description: 'Prometheus has nothing from Flagger. A release that has begun stays where it is.',
    runbook: 'release-takes-long',
  },
  {
    alert: 'SecretNotSynced',
    severity: 'warning',
    expr: 'max by (namespace, name) (externalsecret_status_condition{condition="Ready", status="False"}) == 1',
    minutes: 15,
    summary: 'Secret {{ $labels.name }} in {{ $labels.namespace }} is not what AWS has',
    description: 'Pods keep what they have. One that is new, or that waits for a new value, does not start.',
    runbook: 'secret-not-synced',
  },
];

/** How much longer than it should a release may take before somebody is told: pods may be slow again in the middle. */
const LATE_MINUTES = 60;

/**
 * A release goes on and on.
 *
 * @param longestSeconds how long a release of the cluster may take, from the change to its end, with the time that is given to
 * people
 */
export function releaseTakesLong(longestSeconds: number): Alert {
  return {
    alert: 'ReleaseTakesLong',
    severity: 'warning',
    expr: 'max by (namespace, name) (flagger_canary_status) == 0',
    minutes: Math.ceil(longestSeconds / 60) + LATE_MINUTES,
    summary: 'A release of {{ $labels.name }} takes an hour longer than any of the cluster should',
    description: 'It waits for a person, or its weight does not rise. Some users are on the new version.',
    runbook: 'release-takes-long',
  };
}
