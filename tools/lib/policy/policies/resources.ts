import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at } from '../read.ts';

/** No limit on CPU among them: it would throttle a busy pod while its node has cycles to spare. */
const WANTED = ['requests.cpu', 'requests.memory', 'limits.memory'];

export const resources: Policy = {
  name: 'resources',
  reason:
    'Nodes are chosen by what pods ask for, and a pod that takes more memory must not take it from others.',
  check: inClusters(({ workloads }) =>
    workloads.flatMap(({ manifest, containers }) =>
      containers.flatMap(({ fields, path }): Breach[] => {
        const missing = WANTED.filter((field) => at(fields.resources, ...field.split('.')) === undefined);
        if (missing.length === 0) return [];
        const wrong = `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`;
        return [{ at: manifest, path: `${path}.resources`, wrong, fix: 'say what the container needs' }];
      }),
    ),
  ),
};
