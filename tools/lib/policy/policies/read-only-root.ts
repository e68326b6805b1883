import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at } from '../read.ts';

export const readOnlyRoot: Policy = {
  name: 'read-only-root',
  reason:
    'Who breaks into a container must not be able to change the program in it, or leave one of their own behind.',
  check: inClusters(({ workloads }) =>
    workloads.flatMap(({ manifest, containers }) =>
      containers.flatMap(({ fields, path }): Breach[] => {
        const found = at(fields.securityContext, 'readOnlyRootFilesystem');
        if (found === true) return [];
        return [
          {
            at: manifest,
            path: `${path}.securityContext.readOnlyRootFilesystem`,
            wrong: found === undefined ? 'is missing, which means false' : `is ${JSON.stringify(found)}`,
            fix: 'set it to true, and mount an emptyDir where the container writes',
          },
        ];
      }),
    ),
  ),
};
