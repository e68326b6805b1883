import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';
import { FLUX_NAMESPACE } from '../names.ts';
import { KUBE_PROMETHEUS_STACK } from './kube-prometheus-stack.ts';

export interface ImageAlertsProps {
  /** Where the runbooks of docs/runbooks/ can be read: the URL of that folder, without a slash at its end. */
  runbooks: string;
}

const NAME = 'image-alerts';

/** What must be ready for an image to be written into the repo. */
const KINDS = ['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation'];

/**
 * Has Prometheus say when new images no longer reach the repo, on the cluster that writes them there.
 *
 * It is told by `flux_resource_info` of the flux-operator, which is what installs Flux here: Flux's own controllers count
 * what they do, and don't say of an object whether it is ready. The operator looks every five minutes.
 *
 * @see https://github.com/controlplaneio-fluxcd/flux-operator/blob/main/internal/reporter/metrics.go
 */
export function imageAlerts({ runbooks }: ImageAlertsProps): AddOn {
  const objects = `exported_namespace="${FLUX_NAMESPACE}", kind=~"${KINDS.join('|')}"`;
  const alert = (summary: string, description: string) => ({
    labels: { severity: 'warning' },
    annotations: { summary, description, runbook_url: `${runbooks}/image-updates-failing.md` },
    // A few looks of the operator's, and a registry that is away for a while is no reason to be told.
    for: '30m',
  });
  return {
    name: NAME,
    namespace: FLUX_NAMESPACE,
    dependsOn: [KUBE_PROMETHEUS_STACK],
    why: 'Says when new images no longer reach the repo.',
    objects(scope) {
      new CustomResource<IPrometheusRule>(scope, 'rules', {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { name: NAME },
        spec: {
          groups: [
            {
              name: NAME,
              rules: [
                {
                  alert: 'ImageUpdatesFailing',
                  // The reason is a label too, and may change while the trouble stays the same.
                  expr: `max by (kind, name) (flux_resource_info{${objects}, ready!="True", suspended!="True"}) == 1`,
                  ...alert(
                    'New images do not reach the repo: {{ $labels.kind }} {{ $labels.name }} is not ready',
                    'What runs stays as it is. No release starts until this is mended.',
                  ),
                },
                {
                  alert: 'ImageUpdatesUnmeasured',
                  expr: `absent(flux_resource_info{exported_namespace="${FLUX_NAMESPACE}", kind="ImageUpdateAutomation"})`,
                  ...alert(
                    'Nobody can tell whether new images reach the repo',
                    'Prometheus has nothing from the flux-operator, or no ImageUpdateAutomation is there.',
                  ),
                },
              ],
            },
          ],
        },
      });
    },
  };
}
