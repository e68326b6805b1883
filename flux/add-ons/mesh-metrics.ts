import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';
import { KUBE_PROMETHEUS_STACK, MONITORING_NAMESPACE } from './kube-prometheus-stack.ts';

/** The name of the add-on, for those that ask for what it measures. */
export const MESH_METRICS = 'mesh-metrics';

/** What Prometheus knows of a pod's labels begins like this. */
const POD_LABEL = '__meta_kubernetes_pod_label_linkerd_io_';

/**
 * Has Prometheus read the mesh's proxies, and say of each which workload it is a proxy of: the proxies themselves don't
 * know. By these labels canaries are judged and Linkerd's dashboard is drawn.
 *
 * The namespace and the pod are told by the operator's own relabelling.
 *
 * @see https://linkerd.io/2-edge/tasks/external-prometheus/
 * @see https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/prometheus/promcfg.go
 */
export function meshMetrics(): AddOn {
  return {
    name: MESH_METRICS,
    // Beside who reads them, whether the mesh is there yet or not.
    namespace: MONITORING_NAMESPACE,
    dependsOn: [KUBE_PROMETHEUS_STACK],
    why: "Has Prometheus read the mesh's proxies every 10 s, with the labels that canaries are judged by.",
    objects(scope) {
      new CustomResource<IPodMonitor>(scope, 'linkerd-proxy', {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PodMonitor',
        metadata: { name: 'linkerd-proxy' },
        spec: {
          namespaceSelector: { any: true },
          // The injector puts this on every pod that it gives a proxy.
          selector: { matchLabels: { 'linkerd.io/control-plane-ns': 'linkerd' } },
          podMetricsEndpoints: [
            {
              port: 'linkerd-admin',
              // A check looks back over 20 s and more, and a rate needs two scrapes.
              interval: '10s',
              scrapeTimeout: '10s',
              relabelings: [
                {
                  action: 'replace',
                  sourceLabels: [`${POD_LABEL}control_plane_ns`],
                  targetLabel: 'control_plane_ns',
                },
                // "job" is the scrape's own name.
                { action: 'replace', sourceLabels: [`${POD_LABEL}proxy_job`], targetLabel: 'k8s_job' },
                { action: 'labeldrop', regex: `${POD_LABEL}proxy_job` },
                // deployment, statefulset, daemonset, …
                { action: 'labelmap', regex: `${POD_LABEL}proxy_(.+)` },
              ],
            },
          ],
        },
      });
    },
  };
}
