// What whoever compiles should know, though nothing is wrong.
import { groupKind } from '../policy/identify.ts';
import { at, text } from '../policy/read.ts';
import { collisions } from '../routes/collisions.ts';
import { hosts } from '../routes/hosts.ts';
import type { Compiled } from './compile.ts';

/** Charts whose upstream has ended, with what to read. */
const RETIRED: Readonly<Record<string, string>> = {
  'ingress-nginx':
    'ingress-nginx gets no fixes from its upstream since March 2026: docs/edge.md says how to go on without it',
};

/** A line for each. */
export function notes({ manifests }: Pick<Compiled, 'manifests'>): string[] {
  const charts = new Set(
    manifests
      .filter(({ object }) => groupKind(object) === 'helm.toolkit.fluxcd.io/HelmRelease')
      .map(({ object }) => text(at(object.spec, 'chart', 'spec', 'chart'))),
  );
  return [
    ...Object.entries(RETIRED).flatMap(([chart, says]) => (charts.has(chart) ? [says] : [])),
    ...collisions(hosts(manifests)),
  ];
}
