import { KubePriorityClass } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CoreResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';

/** The name of the add-on. */
export const PRIORITY_CLASSES = 'priority-classes';

/** The class of what watches over services. */
export const PLATFORM_PRIORITY = 'platform';

interface PriorityClass {
  value: number;
  description: string;
  /** Whether pods that name no class are of it. @default false */
  isDefault?: true;
  /** Whether it ends pods of lower classes to make room. @default true */
  preempts?: false;
}

/** Who makes room for whom, the first for all others. Above them are Kubernetes' own two, for what a cluster can't be without. */
const CLASSES: Readonly<Record<string, PriorityClass>> = {
  background: {
    value: -10,
    description: 'What can wait, and makes room for everything else.',
    preempts: false,
  },
  service: {
    value: 1000,
    description: 'What users wait for; whoever says nothing is of it.',
    isDefault: true,
  },
  // Who is blind can't mend: measurements and logs stay while services make room for each other.
  [PLATFORM_PRIORITY]: {
    value: 10_000,
    description: 'What watches over services, and can be away for a moment.',
  },
};

/** The classes by which pods make room for each other where a cluster is full. */
export function priorityClasses(): AddOn {
  return {
    name: PRIORITY_CLASSES,
    namespace: 'kube-system',
    dependsOn: [],
    why: 'Says which pods make room for which where a cluster is full.',
    objects(scope) {
      for (const [name, { value, description, isDefault, preempts }] of Object.entries(CLASSES)) {
        clusterScoped(
          new CoreResource(scope, name, KubePriorityClass, {
            metadata: { name },
            value,
            description,
            ...(isDefault && { globalDefault: true }),
            ...(preempts === false && { preemptionPolicy: 'Never' }),
          }),
        );
      }
    },
  };
}
