// What rules about pods have in common: pods themselves, and what makes pods.
import type { Kinds } from './admission-policy.ts';

/**
 * All that has pods in it. Who makes pods is told at once, and pods that were made in another way are judged all the same:
 * when they are made, since what they run does not change, and when a container is put into one that runs.
 */
export const POD_KINDS: readonly Kinds[] = [
  { group: '', version: 'v1', resources: ['pods'], when: 'CREATE' },
  { group: '', version: 'v1', resources: ['pods/ephemeralcontainers'], when: 'UPDATE' },
  { group: 'apps', version: 'v1', resources: ['deployments', 'statefulsets', 'daemonsets'] },
  { group: 'batch', version: 'v1', resources: ['jobs', 'cronjobs'] },
];

/** The spec and the labels of the pods, wherever the object has them. */
export const POD_VARIABLES = {
  template:
    "object.kind == 'Pod' ? object : (object.kind == 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec.template)",
  pod: 'variables.template.spec',
  containers:
    'variables.pod.containers + (has(variables.pod.initContainers) ? variables.pod.initContainers : [])',
};

/** What is started beside the others in a pod that runs, to look into it. Its resources can't be set. */
export const EPHEMERAL_CONTAINERS =
  '(has(variables.pod.ephemeralContainers) ? variables.pod.ephemeralContainers : [])';

/** A text of CEL. */
export function celText(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}

/** A list of texts of CEL. */
export function celList(texts: readonly string[]): string {
  return `[${texts.map(celText).join(', ')}]`;
}
