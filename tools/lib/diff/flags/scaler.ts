import { groupKind } from '../documents.ts';
import { stringAt } from '../fields/json.ts';
import type { Flag } from '../report.ts';
import type { Cluster } from './cluster.ts';
import { type Changed, touches } from './subject.ts';

const LATER: Flag = {
  kind: 'later',
  severity: 'info',
  label: 'reaches the primary with the next release',
  says: "Flagger copies it to the primary's autoscaler when it promotes a release, and not before",
};

/** What autoscales a Canary's target is copied to its primary, which serves, at a promotion only. */
export function scalerFlags({ after, fields }: Changed, cluster: Cluster): Flag[] {
  const kind = groupKind(after);
  if (kind === 'flagger.app/Canary')
    return fields.some((field) => touches(field, ['spec', 'autoscalerRef'])) ? [LATER] : [];
  if (kind !== 'autoscaling/HorizontalPodAutoscaler') return [];
  const isCopied = cluster
    .inNamespaceOf(after, 'flagger.app/Canary')
    .some(
      (canary) => stringAt(canary, 'spec', 'autoscalerRef', 'name') === stringAt(after, 'metadata', 'name'),
    );
  return isCopied ? [LATER] : [];
}
