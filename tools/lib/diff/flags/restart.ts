import { groupKind } from '../documents.ts';
import { isObject, type Json, type JsonObject, stringAt, valueAt } from '../fields/json.ts';
import type { Flag } from '../report.ts';
import type { Cluster } from './cluster.ts';
import { type Changed, touches } from './subject.ts';

const WORKLOADS = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet']);

/** What a change of its pods makes a workload do. */
export function restartFlags({ before, after, fields }: Changed, cluster: Cluster): Flag[] {
  if (!WORKLOADS.has(groupKind(after))) return [];
  if (!fields.some((field) => touches(field, ['spec', 'template']))) return [];

  const canary = cluster.canaryOf(after, 'after');
  if (canary && cluster.canaryOf(before, 'before')) return [canaryFlag(canary)];
  if (canary) {
    return [
      {
        kind: 'restart',
        severity: 'warning',
        label: 'goes out without a canary',
        says: 'its Canary is new: Flagger makes the primary of these pods, and judges only the release after this one',
      },
    ];
  }
  if (stringAt(after, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return [
      {
        kind: 'restart',
        severity: 'info',
        label: 'pods wait for a person',
        says: 'its pods stay as they are until someone deletes them (updateStrategy: OnDelete)',
      },
    ];
  }
  if (stringAt(after, 'spec', 'strategy', 'type') === 'Recreate') {
    return [
      {
        kind: 'downtime',
        severity: 'danger',
        label: 'down while pods restart',
        says: 'all its pods stop before new ones start (strategy: Recreate), so it is down for a while',
      },
    ];
  }
  return [
    {
      kind: 'restart',
      severity: 'info',
      label: 'pods restart',
      says: 'its pods are replaced one after another',
    },
  ];
}

function canaryFlag(canary: JsonObject): Flag {
  if (valueAt(canary, 'spec', 'skipAnalysis') === true) {
    return {
      kind: 'canary',
      severity: 'warning',
      label: 'released unjudged',
      says: 'Flagger promotes the new pods at once: its Canary says skipAnalysis',
    };
  }
  return {
    kind: 'canary',
    severity: 'info',
    label: 'starts a canary',
    says: 'Flagger moves traffic to the new pods step by step, or back',
  };
}

/** Flagger starts a canary when what its pods are configured by changes. */
export function configFlags({ after, fields }: Changed, cluster: Cluster): Flag[] {
  const kind = groupKind(after);
  if ((kind !== 'ConfigMap' && kind !== 'Secret') || fields.every(({ steps }) => steps[0] === 'metadata'))
    return [];
  if (stringAt(after, 'metadata', 'annotations', 'flagger.app/config-tracking') === 'disabled') return [];
  const name = stringAt(after, 'metadata', 'name') ?? '';
  const readers = cluster
    .inNamespaceOf(after, 'apps/Deployment')
    .filter((reader) => reads(valueAt(reader, 'spec', 'template') ?? null, kind, name))
    .filter((reader) => cluster.canaryOf(reader, 'before') && cluster.canaryOf(reader, 'after'))
    .map((reader) => stringAt(reader, 'metadata', 'name') ?? '');
  if (readers.length === 0) return [];
  return [
    {
      kind: 'canary',
      severity: 'info',
      label: `starts a canary of ${readers.join(', ')}`,
      says: `Flagger tracks it, and starts a canary of ${readers.join(', ')}`,
      of: readers,
    },
  ];
}

const REFERENCES: Readonly<Record<string, readonly [field: string, name: string][]>> = {
  ConfigMap: [
    ['configMapKeyRef', 'name'],
    ['configMapRef', 'name'],
    ['configMap', 'name'],
  ],
  Secret: [
    ['secretKeyRef', 'name'],
    ['secretRef', 'name'],
    ['secret', 'secretName'],
  ],
};

function reads(template: Json, kind: string, name: string): boolean {
  if (Array.isArray(template)) return template.some((item) => reads(item, kind, name));
  if (!isObject(template)) return false;
  return (
    (REFERENCES[kind] ?? []).some(([field, key]) => stringAt(template, field, key) === name) ||
    Object.values(template).some((inner) => reads(inner, kind, name))
  );
}
