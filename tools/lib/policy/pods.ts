import { primaryLabels } from './flagger.ts';
import { fields } from './read.ts';
import { type Labels, selects } from './selector.ts';
import type { Workload } from './workloads.ts';

/** Pods of one sort, which will run on the cluster. */
export interface Pods {
  labels: Labels;
  workload: Workload;
  /** Flagger runs the target's pods during a release only, and the primary's always. @default no canary's */
  role?: 'target' | 'primary';
}

/** The pods of a cluster, found by their labels without looking at each. */
export class PodIndex {
  private readonly byNamespace = new Map<string, Pods[]>();
  private readonly byLabel = new Map<string, Pods[]>();

  constructor(workloads: readonly Workload[], isCanaryTarget: (workload: Workload) => boolean) {
    for (const workload of workloads) {
      const { labels } = workload;
      if (isCanaryTarget(workload)) {
        this.add({ labels, workload, role: 'target' });
        this.add({ labels: primaryLabels(labels), workload, role: 'primary' });
      } else {
        this.add({ labels, workload });
      }
    }
  }

  private add(pods: Pods): void {
    const { namespace } = pods.workload;
    append(this.byNamespace, namespace, pods);
    for (const [label, value] of Object.entries(pods.labels))
      append(this.byLabel, labelKey(namespace, label, value), pods);
  }

  /** The pods in a namespace that a label selector selects. */
  selected(namespace: string, selector: unknown): readonly Pods[] {
    return this.candidates(namespace, selector).filter(({ labels }) => selects(selector, labels));
  }

  /** The fewest pods among which all the selected are. */
  private candidates(namespace: string, selector: unknown): readonly Pods[] {
    let fewest = this.byNamespace.get(namespace) ?? [];
    for (const [label, value] of Object.entries(fields(fields(selector).matchLabels))) {
      const pods = this.byLabel.get(labelKey(namespace, label, value)) ?? [];
      if (pods.length < fewest.length) fewest = pods;
    }
    return fewest;
  }
}

function labelKey(namespace: string, label: string, value: unknown): string {
  return `${namespace} ${label}=${value}`;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
