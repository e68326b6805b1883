import { isChartSource } from '../bumps.ts';
import { groupKind } from '../documents.ts';
import type { Flag } from '../report.ts';
import { type Changed, touches } from './subject.ts';

/** What makes Helm give up a release and install another: a release can't be renamed or moved. */
const RELEASE_IS = [
  ['spec', 'releaseName'],
  ['spec', 'targetNamespace'],
  ['spec', 'storageNamespace'],
];

const UPGRADE: Flag = {
  kind: 'helm',
  severity: 'info',
  label: 'Helm upgrades it',
  says: 'Helm upgrades the release, which restarts the pods whose templates the chart changes',
};

/** What a change makes helm-controller do. */
export function helmFlags({ after, fields }: Changed): Flag[] {
  const kind = groupKind(after);
  if (kind === 'helm.toolkit.fluxcd.io/HelmRelease') {
    if (RELEASE_IS.some((path) => fields.some((field) => touches(field, path)))) {
      return [
        {
          kind: 'helm',
          severity: 'danger',
          label: 'uninstalled and installed anew',
          says: 'Helm uninstalls the release with everything that it made, then installs another: a release is not renamed or moved',
        },
      ];
    }
    const upgrades = [
      ['spec', 'values'],
      ['spec', 'valuesFrom'],
      ['spec', 'chart'],
      ['spec', 'chartRef'],
      ['spec', 'postRenderers'],
    ];
    return upgrades.some((path) => fields.some((field) => touches(field, path))) ? [UPGRADE] : [];
  }
  const upgradesChart =
    kind === 'source.toolkit.fluxcd.io/OCIRepository' &&
    isChartSource(after) &&
    fields.some((field) => touches(field, ['spec', 'ref']));
  return upgradesChart ? [UPGRADE] : [];
}
