/** A kind of object that we may emit. */
export interface Kind {
  /** Whether its objects are in a namespace. */
  scope: 'namespaced' | 'cluster';
  /** What the API server takes as a name. @default `subdomain`, as for most kinds */
  name?: NameRule;
  /** The module whose `I<Kind>` types it: one of a package, or a file of ours from the repo's root. */
  types: string;
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export type NameRule = 'label' | 'letterFirst' | 'subdomain' | 'pathSegment';

const CERT_MANAGER = '@kubernetes-models/cert-manager';
const EXTERNAL_SECRETS = '@kubernetes-models/external-secrets';
const FLUX = '@kubernetes-models/flux-cd';
const GATEWAY = '@kubernetes-models/gateway-api';
const KARPENTER = '@kubernetes-models/karpenter';
const KUBERNETES = 'kubernetes-models';
const PROMETHEUS = '@kubernetes-models/prometheus-operator';
const FLAGGER = 'charts/flagger-types.ts';
const LINKERD = 'charts/linkerd-types.ts';

/**
 * Every kind that we may emit, by its apiVersion and kind. To add one, give it a line here and run
 * `node tools/lib/schema/generate/main.ts`.
 *
 * Of the kinds that Kubernetes took over from other groups only the current version stands here, so that an old one
 * is refused.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  ...kinds(KUBERNETES, 'namespaced', [
    'v1/ConfigMap',
    'v1/LimitRange',
    'v1/PersistentVolumeClaim',
    'v1/ResourceQuota',
    'v1/Secret',
    'v1/ServiceAccount',
    'apps/v1/DaemonSet',
    'apps/v1/Deployment',
    'apps/v1/StatefulSet',
    'autoscaling/v2/HorizontalPodAutoscaler',
    'batch/v1/CronJob',
    'batch/v1/Job',
    'networking.k8s.io/v1/Ingress',
    'networking.k8s.io/v1/NetworkPolicy',
    'policy/v1/PodDisruptionBudget',
  ]),
  ...kinds(KUBERNETES, 'namespaced', ['v1/Service'], 'letterFirst'),
  ...kinds(
    KUBERNETES,
    'namespaced',
    ['rbac.authorization.k8s.io/v1/Role', 'rbac.authorization.k8s.io/v1/RoleBinding'],
    'pathSegment',
  ),
  ...kinds(KUBERNETES, 'cluster', ['v1/Namespace'], 'label'),
  ...kinds(KUBERNETES, 'cluster', [
    'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy',
    'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding',
    'networking.k8s.io/v1/IngressClass',
    'scheduling.k8s.io/v1/PriorityClass',
    'storage.k8s.io/v1/StorageClass',
  ]),
  ...kinds(
    KUBERNETES,
    'cluster',
    ['rbac.authorization.k8s.io/v1/ClusterRole', 'rbac.authorization.k8s.io/v1/ClusterRoleBinding'],
    'pathSegment',
  ),
  ...kinds(FLUX, 'namespaced', [
    'helm.toolkit.fluxcd.io/v2/HelmRelease',
    'image.toolkit.fluxcd.io/v1/ImagePolicy',
    'image.toolkit.fluxcd.io/v1/ImageRepository',
    'image.toolkit.fluxcd.io/v1/ImageUpdateAutomation',
    'kustomize.toolkit.fluxcd.io/v1/Kustomization',
    'notification.toolkit.fluxcd.io/v1/Receiver',
    'notification.toolkit.fluxcd.io/v1beta3/Alert',
    'notification.toolkit.fluxcd.io/v1beta3/Provider',
    'source.toolkit.fluxcd.io/v1/GitRepository',
    'source.toolkit.fluxcd.io/v1/HelmRepository',
    'source.toolkit.fluxcd.io/v1/OCIRepository',
  ]),
  ...kinds(GATEWAY, 'namespaced', ['gateway.networking.k8s.io/v1/HTTPRoute']),
  ...kinds(KARPENTER, 'cluster', ['karpenter.k8s.aws/v1/EC2NodeClass', 'karpenter.sh/v1/NodePool']),
  ...kinds(CERT_MANAGER, 'namespaced', ['cert-manager.io/v1/Certificate', 'cert-manager.io/v1/Issuer']),
  ...kinds(CERT_MANAGER, 'cluster', [
    'cert-manager.io/v1/ClusterIssuer',
    'trust.cert-manager.io/v1alpha1/Bundle',
  ]),
  ...kinds(EXTERNAL_SECRETS, 'namespaced', ['external-secrets.io/v1/ExternalSecret']),
  ...kinds(EXTERNAL_SECRETS, 'cluster', ['external-secrets.io/v1/ClusterSecretStore']),
  ...kinds(PROMETHEUS, 'namespaced', [
    'monitoring.coreos.com/v1/PodMonitor',
    'monitoring.coreos.com/v1/PrometheusRule',
    'monitoring.coreos.com/v1/ServiceMonitor',
  ]),
  ...own(FLAGGER, 'namespaced', [
    'flagger.app/v1beta1/AlertProvider',
    'flagger.app/v1beta1/Canary',
    'flagger.app/v1beta1/MetricTemplate',
  ]),
  ...own(LINKERD, 'namespaced', [
    'policy.linkerd.io/v1alpha1/AuthorizationPolicy',
    'policy.linkerd.io/v1alpha1/MeshTLSAuthentication',
    'policy.linkerd.io/v1alpha1/NetworkAuthentication',
    'policy.linkerd.io/v1beta3/Server',
  ]),
};

/** Kinds of a package, which keeps each in a module named like it. */
function kinds(
  packageName: string,
  scope: Kind['scope'],
  keys: readonly string[],
  name?: NameRule,
): Record<string, Kind> {
  return Object.fromEntries(keys.map((key) => [key, { scope, name, types: `${packageName}/${key}` }]));
}

/** Kinds that a file of ours types. */
function own(file: string, scope: Kind['scope'], keys: readonly string[]): Record<string, Kind> {
  return Object.fromEntries(keys.map((key) => [key, { scope, types: file }]));
}
