import type { Cluster } from '../cluster.ts';
import type { Canary } from '../flagger.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, items, text } from '../read.ts';
import { mend } from '../suggest.ts';

export const canaryReferences: Policy = {
  name: 'canary-references',
  reason: 'A Canary that names what is not there never starts, or rolls back every release.',
  check: inClusters((cluster) => cluster.canaries.flatMap((canary) => judge(cluster, canary))),
};

function judge(cluster: Cluster, canary: Canary): Breach[] {
  const { manifest, namespace, target, targetKind, autoscalerKind, autoscaler } = canary;
  const { analysis } = fields(manifest.object.spec);
  const breaches: Breach[] = [];
  const want = (path: string, kind: string, where: string, name: string | undefined) => {
    if (name !== undefined && cluster.find(kind, where, name).length > 0) return;
    breaches.push({
      at: manifest,
      path,
      wrong:
        name === undefined
          ? 'is missing'
          : `the namespace ${JSON.stringify(where)} has no ${short(kind)} ${JSON.stringify(name)}`,
      fix: mend(name ?? '', cluster.names(kind, where), 'make it'),
    });
  };
  want('spec.targetRef.name', targetKind, namespace, target === '' ? undefined : target);
  if (autoscaler !== undefined) want('spec.autoscalerRef.name', autoscalerKind, namespace, autoscaler);
  for (const [index, metric] of items(at(analysis, 'metrics')).entries()) {
    const { templateRef } = fields(metric);
    if (templateRef === undefined) continue;
    const where = text(at(templateRef, 'namespace')) ?? namespace;
    const path = `spec.analysis.metrics[${index}].templateRef.name`;
    want(path, 'flagger.app/MetricTemplate', where, text(at(templateRef, 'name')));
  }
  for (const [index, alert] of items(at(analysis, 'alerts')).entries()) {
    const { name, namespace: where } = fields(at(alert, 'providerRef'));
    const path = `spec.analysis.alerts[${index}].providerRef.name`;
    want(path, 'flagger.app/AlertProvider', text(where) ?? namespace, text(name));
  }
  return breaches;
}

function short(kind: string): string {
  return kind.slice(kind.lastIndexOf('/') + 1);
}
