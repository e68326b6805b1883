import { KubeStorageClass } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CoreResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';

/** The name of the add-on. */
export const STORAGE = 'storage';

/** The class of volumes that a claim gets which names none. */
export const DEFAULT_STORAGE_CLASS = 'gp3';

/** The default class of volumes. Their driver is an EKS add-on, since nodes need it before Flux is there. */
export function storage(): AddOn {
  return {
    name: STORAGE,
    namespace: 'kube-system',
    dependsOn: [],
    why: 'Volumes of the current kind, encrypted, for claims that name no class.',
    needs: 'the EKS add-on aws-ebs-csi-driver',
    costs: 'about 0.09 USD a month for each GiB that is claimed',
    objects(scope) {
      clusterScoped(
        new CoreResource(scope, 'gp3', KubeStorageClass, {
          metadata: {
            name: DEFAULT_STORAGE_CLASS,
            annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
          },
          provisioner: 'ebs.csi.aws.com',
          parameters: { type: 'gp3', encrypted: 'true', 'csi.storage.k8s.io/fstype': 'ext4' },
          // A volume is of one zone: it is made where its pod has found room.
          volumeBindingMode: 'WaitForFirstConsumer',
          allowVolumeExpansion: true,
          reclaimPolicy: 'Delete',
        }),
      );
    },
  };
}
