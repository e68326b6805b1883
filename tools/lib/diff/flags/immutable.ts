import { groupKind } from '../documents.ts';
import { canonical, isObject, type JsonObject, stringAt, valueAt } from '../fields/json.ts';
import type { Flag } from '../report.ts';
import { type Changed, touches } from './subject.ts';

/** Fields that the API server refuses to change. */
interface Immutable {
  /** `spec.selector`, with `*` for every field but those in {@link except}. */
  path: string;
  /** Fields right under the path that may change. */
  except?: readonly string[];
  /** Why, in the reader's terms. */
  because: string;
  /** When it holds. @default always */
  when?: (before: JsonObject) => boolean;
}

const SELECTOR: Immutable = { path: 'spec.selector', because: 'it says which pods are its own' };
const ROLE: Immutable = { path: 'roleRef', because: 'a binding stays with the role it was made for' };
const isFrozen = (object: JsonObject) => valueAt(object, 'immutable') === true;
const FROZEN: readonly Immutable[] = ['data', 'binaryData', 'stringData', 'immutable'].map((path) => ({
  path,
  because: 'it says of itself that it is immutable',
  when: isFrozen,
}));

/**
 * By kind, what can't be changed once the object is there.
 *
 * @see https://github.com/kubernetes/kubernetes/tree/master/pkg/apis the `validation` folder of each group
 */
const IMMUTABLE: Readonly<Record<string, readonly Immutable[]>> = {
  'apps/Deployment': [SELECTOR],
  'apps/DaemonSet': [SELECTOR],
  'apps/ReplicaSet': [SELECTOR],
  'apps/StatefulSet': [
    {
      path: 'spec',
      except: [
        'minReadySeconds',
        'ordinals',
        'persistentVolumeClaimRetentionPolicy',
        'replicas',
        'revisionHistoryLimit',
        'template',
        'updateStrategy',
      ],
      because: 'its pods and volumes were named and made by it',
    },
  ],
  'batch/Job': [
    { path: 'spec.template', because: 'a Job runs once, as it was made' },
    { path: 'spec.selector', because: 'it says which pods are its own' },
    { path: 'spec.completions', because: 'a Job runs once, as it was made' },
    { path: 'spec.completionMode', because: 'a Job runs once, as it was made' },
    { path: 'spec.podFailurePolicy', because: 'a Job runs once, as it was made' },
    { path: 'spec.successPolicy', because: 'a Job runs once, as it was made' },
    { path: 'spec.backoffLimitPerIndex', because: 'a Job runs once, as it was made' },
  ],
  Service: [
    { path: 'spec.clusterIP', because: 'clients know the address' },
    { path: 'spec.clusterIPs', because: 'clients know the address' },
    { path: 'spec.loadBalancerClass', because: 'one controller made the load balancer' },
  ],
  PersistentVolumeClaim: [
    {
      path: 'spec',
      except: ['resources', 'volumeAttributesClassName'],
      because: 'the volume was made to it; only its size may grow',
    },
  ],
  PersistentVolume: ['csi', 'nfs', 'local', 'hostPath', 'awsElasticBlockStore'].map((source) => ({
    path: `spec.${source}`,
    because: 'it is where the data lies',
  })),
  'storage.k8s.io/StorageClass': ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'].map(
    (path) => ({
      path,
      because: 'volumes were made by it',
    }),
  ),
  'storage.k8s.io/VolumeAttributesClass': ['driverName', 'parameters'].map((path) => ({
    path,
    because: 'volumes were made by it',
  })),
  'rbac.authorization.k8s.io/RoleBinding': [ROLE],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [ROLE],
  'networking.k8s.io/IngressClass': [
    { path: 'spec.controller', because: 'its Ingresses belong to one controller' },
  ],
  'scheduling.k8s.io/PriorityClass': ['value', 'preemptionPolicy'].map((path) => ({
    path,
    because: 'pods were admitted with it',
  })),
  'node.k8s.io/RuntimeClass': [{ path: 'handler', because: 'pods were admitted with it' }],
  'discovery.k8s.io/EndpointSlice': [{ path: 'addressType', because: 'its addresses are of one type' }],
  'apiextensions.k8s.io/CustomResourceDefinition': [
    'spec.group',
    'spec.scope',
    'spec.names.kind',
    'spec.names.plural',
  ].map((path) => ({ path, because: 'objects are stored under it' })),
  'gateway.networking.k8s.io/GatewayClass': [
    { path: 'spec.controllerName', because: 'its Gateways belong to one controller' },
  ],
  'karpenter.sh/NodePool': ['group', 'kind'].map((key) => ({
    path: `spec.template.spec.nodeClassRef.${key}`,
    because: 'its nodes were made by that kind of class',
  })),
  ConfigMap: FROZEN,
  Secret: [...FROZEN, { path: 'type', because: 'its readers rely on it' }],
};

/** Changes of what can't be changed, and what Flux does then. */
export function immutableFlags({ before, after, fields }: Changed): Flag[] {
  const table = IMMUTABLE[groupKind(after)] ?? [];
  const found = table.flatMap(({ path, except, because, when }) => {
    if (when && !when(before)) return [];
    const keys = path.split('.');
    const hit = fields.find((field) => {
      const next = field.steps[keys.length];
      return touches(field, keys) && !(except && typeof next === 'string' && except.includes(next));
    });
    if (!hit || (except && !differsBesides(before, after, keys, except))) return [];
    return [{ path: except && hit.steps.length > keys.length ? hit.path : path, because }];
  });
  if (found.length === 0) return [];
  const what = found.map(({ path, because }) => `${path} can't be changed (${because})`).join('; ');
  if (isForced(after)) {
    return [
      {
        kind: 'replaced',
        severity: 'danger',
        label: 'will be replaced',
        says: `will be replaced: ${what}, and it is annotated ${FORCE}, so Flux deletes it and makes it again`,
      },
    ];
  }
  return [
    {
      kind: 'immutable',
      severity: 'danger',
      label: 'apply fails',
      says: `the apply fails, and with it all of its Kustomization: ${what}. To have Flux delete it and make it again, annotate it ${FORCE}`,
    },
  ];
}

const FORCE = 'kustomize.toolkit.fluxcd.io/force: Enabled';

function isForced(object: JsonObject): boolean {
  const value = stringAt(object, 'metadata', 'annotations', 'kustomize.toolkit.fluxcd.io/force');
  return value?.toLowerCase() === 'enabled';
}

/** Whether two objects differ under a path once the fields that may change are left out. */
function differsBesides(
  before: JsonObject,
  after: JsonObject,
  keys: string[],
  except: readonly string[],
): boolean {
  const rest = (object: JsonObject) => {
    const value = valueAt(object, ...keys);
    if (!isObject(value)) return canonical(value ?? null);
    return canonical(Object.fromEntries(Object.entries(value).filter(([key]) => !except.includes(key))));
  };
  return rest(before) !== rest(after);
}
