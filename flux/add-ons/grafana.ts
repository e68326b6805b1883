import { KubeConfigMap } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { CoreResource } from '../../charts/custom-resource.ts';
import { DASHBOARD_LABEL, type Dashboard, dashboardJson } from '../../charts/grafana.ts';
import type { AddOn } from '../add-on.ts';
import { EDGE } from '../monitoring/dashboards/edge.ts';
import { FLUX } from '../monitoring/dashboards/flux.ts';
import { KARPENTER } from '../monitoring/dashboards/karpenter.ts';
import { MESH } from '../monitoring/dashboards/mesh.ts';
import { NODES } from '../monitoring/dashboards/nodes.ts';
import { RELEASES } from '../monitoring/dashboards/releases.ts';
import { SERVICES } from '../monitoring/dashboards/services.ts';
import { TRACES } from '../monitoring/dashboards/traces.ts';
import { KUBE_PROMETHEUS_STACK, MONITORING_NAMESPACE } from './kube-prometheus-stack.ts';

export interface GrafanaAddOnProps {
  /** Whether there is something that collects traces. */
  traces: boolean;
}

/** They say nothing of a cluster, so their texts are made once for all. */
const DASHBOARDS = [SERVICES, RELEASES, EDGE, MESH, FLUX, NODES, KARPENTER].map(written);
const OF_TRACES = [TRACES].map(written);

function written(dashboard: Dashboard): { uid: string; text: string } {
  return { uid: dashboard.uid, text: dashboardJson(dashboard) };
}

/** What Grafana shows of the platform. Grafana itself comes with kube-prometheus-stack, and the way to it with the edge. */
export function grafana({ traces }: GrafanaAddOnProps): AddOn {
  return {
    name: 'grafana',
    namespace: MONITORING_NAMESPACE,
    dependsOn: [KUBE_PROMETHEUS_STACK],
    why: 'Shows what is measured: dashboards of the platform and of every service.',
    objects(scope) {
      for (const { uid, text } of traces ? [...DASHBOARDS, ...OF_TRACES] : DASHBOARDS) {
        new CoreResource(scope, uid, KubeConfigMap, {
          metadata: { name: `${uid}-dashboard`, labels: { [DASHBOARD_LABEL]: '1' } },
          data: { [`${uid}.json`]: text },
        });
      }
    },
  };
}
