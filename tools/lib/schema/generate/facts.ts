// What the API server checks and no type says, and where the types say more than the API server takes.

import {
  BASE64,
  CIDR,
  CRON,
  DNS_LABEL,
  DNS_SUBDOMAIN,
  DNS_WILDCARD,
  ENV_NAME,
  FLAGGER_DURATION,
  FLUX_DURATION,
  FLUX_TIMEOUT,
  KARPENTER_LABEL,
  LABEL_KEY,
  LABEL_VALUE,
  PERCENT,
  PORT_NAME,
} from '../patterns.ts';
import type { Schema } from '../schema.ts';
import { dataOf, LABELS } from './given.ts';

/** Something about fields of one schema or several. */
export interface Fact {
  /** The schemas, by name; the text stands for all names that end in it. */
  schema: string;
  /** The fields: `a.b` for a field in a field, `a[]` for the items of a list, `a{}` for the values of a map; `.` for the object itself. */
  fields: readonly string[];
  /** What is true of them besides, in place of what was read; `absent` for a field that the API server doesn't have. */
  is: Schema | 'absent';
}

const PORT: Schema = { minimum: 1, maximum: 65535 };
const PORT_OR_NAME: Schema = { ...PORT, pattern: PORT_NAME };
const COUNT: Schema = { minimum: 0 };
const POSITIVE: Schema = { minimum: 1 };
const NOT_EMPTY: Schema = { minLength: 1 };
const LABEL_NAME: Schema = { pattern: DNS_LABEL, maxLength: 63 };
const SUBDOMAIN: Schema = { pattern: DNS_SUBDOMAIN, maxLength: 253 };
const KIND_NAME = '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$';
const NUMBER_OR_PERCENT: Schema = { minimum: 0, pattern: PERCENT };

/** One of the fields and no other. */
const exactlyOne = (...fields: string[]): Schema => ({
  oneOf: fields.map((field) => ({ required: [field] })),
});

/** Either of two fields or none. */
const notBoth = (...fields: [string, string]): Schema => ({ not: { required: fields } });

/** @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go */
const PODS: readonly Fact[] = [
  { schema: 'ApiCoreV1Container', fields: ['name'], is: LABEL_NAME },
  { schema: 'ApiCoreV1Container', fields: ['image'], is: { pattern: '^\\S+$' } },
  { schema: 'ApiCoreV1ContainerPort', fields: ['containerPort', 'hostPort'], is: PORT },
  { schema: 'ApiCoreV1ContainerPort', fields: ['name'], is: { pattern: PORT_NAME } },
  { schema: 'ApiCoreV1EnvVar', fields: ['name'], is: { pattern: ENV_NAME } },
  { schema: 'ApiCoreV1EnvVar', fields: ['.'], is: notBoth('value', 'valueFrom') },
  {
    schema: 'ApiCoreV1EnvVarSource',
    fields: ['.'],
    is: exactlyOne('configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'),
  },
  { schema: 'ApiCoreV1HTTPGetAction', fields: ['port'], is: PORT_OR_NAME },
  { schema: 'ApiCoreV1TCPSocketAction', fields: ['port'], is: PORT_OR_NAME },
  { schema: 'ApiCoreV1GRPCAction', fields: ['port'], is: PORT },
  {
    schema: 'ApiCoreV1Probe',
    fields: ['failureThreshold', 'periodSeconds', 'successThreshold', 'timeoutSeconds'],
    is: POSITIVE,
  },
  { schema: 'ApiCoreV1Probe', fields: ['initialDelaySeconds', 'terminationGracePeriodSeconds'], is: COUNT },
  { schema: 'ApiCoreV1Probe', fields: ['.'], is: exactlyOne('exec', 'grpc', 'httpGet', 'tcpSocket') },
  {
    schema: 'ApiCoreV1LifecycleHandler',
    fields: ['.'],
    is: exactlyOne('exec', 'httpGet', 'sleep', 'tcpSocket'),
  },
  { schema: 'ApiCoreV1Volume', fields: ['name'], is: LABEL_NAME },
  { schema: 'ApiCoreV1VolumeMount', fields: ['mountPath'], is: { pattern: '^[^:]+$' } },
  { schema: 'ApiCoreV1PodSpec', fields: ['containers'], is: { minItems: 1 } },
  { schema: 'ApiCoreV1PodSpec', fields: ['nodeSelector'], is: LABELS },
  { schema: 'ApiCoreV1PodSpec', fields: ['serviceAccountName'], is: SUBDOMAIN },
  { schema: 'ApiCoreV1PodSpec', fields: ['terminationGracePeriodSeconds'], is: COUNT },
  { schema: 'ApiCoreV1PodSpec', fields: ['activeDeadlineSeconds'], is: POSITIVE },
  { schema: 'ApiCoreV1PodSecurityContext', fields: ['fsGroup', 'runAsGroup', 'runAsUser'], is: COUNT },
  { schema: 'ApiCoreV1SecurityContext', fields: ['runAsGroup', 'runAsUser'], is: COUNT },
  {
    schema: 'ApiCoreV1SeccompProfile',
    fields: ['type'],
    is: { enum: ['Localhost', 'RuntimeDefault', 'Unconfined'] },
  },
  { schema: 'ApiCoreV1TopologySpreadConstraint', fields: ['maxSkew', 'minDomains'], is: POSITIVE },
  { schema: 'ApiCoreV1TopologySpreadConstraint', fields: ['topologyKey'], is: { pattern: LABEL_KEY } },
  { schema: 'ApiCoreV1PodAffinityTerm', fields: ['topologyKey'], is: { pattern: LABEL_KEY } },
  { schema: 'ApiCoreV1WeightedPodAffinityTerm', fields: ['weight'], is: { minimum: 1, maximum: 100 } },
  { schema: 'ApiCoreV1PreferredSchedulingTerm', fields: ['weight'], is: { minimum: 1, maximum: 100 } },
  { schema: 'ApiCoreV1NodeSelectorRequirement', fields: ['key'], is: { pattern: LABEL_KEY } },
  { schema: 'ApiCoreV1Toleration', fields: ['key'], is: { pattern: LABEL_KEY } },
  { schema: 'ApiCoreV1Toleration', fields: ['value'], is: { pattern: LABEL_VALUE, maxLength: 63 } },
  { schema: 'ApiCoreV1Taint', fields: ['key'], is: { pattern: LABEL_KEY } },
  { schema: 'ApiCoreV1Taint', fields: ['value'], is: { pattern: LABEL_VALUE, maxLength: 63 } },
  { schema: 'MetaV1LabelSelector', fields: ['matchLabels'], is: LABELS },
  { schema: 'MetaV1LabelSelectorRequirement', fields: ['key'], is: { pattern: LABEL_KEY } },
  {
    schema: 'MetaV1LabelSelectorRequirement',
    fields: ['operator'],
    is: { enum: ['DoesNotExist', 'Exists', 'In', 'NotIn'] },
  },
  {
    schema: 'MetaV1LabelSelectorRequirement',
    fields: ['values[]'],
    is: { pattern: LABEL_VALUE, maxLength: 63 },
  },
];

/** @see https://kubernetes.io/docs/reference/kubernetes-api/ */
const KUBERNETES: readonly Fact[] = [
  {
    schema: 'ApiAppsV1DeploymentSpec',
    fields: ['minReadySeconds', 'replicas', 'revisionHistoryLimit'],
    is: COUNT,
  },
  { schema: 'ApiAppsV1DeploymentSpec', fields: ['progressDeadlineSeconds'], is: POSITIVE },
  {
    schema: 'ApiAppsV1StatefulSetSpec',
    fields: ['minReadySeconds', 'replicas', 'revisionHistoryLimit'],
    is: COUNT,
  },
  {
    schema: 'ApiAppsV1RollingUpdateDeployment',
    fields: ['maxSurge', 'maxUnavailable'],
    is: NUMBER_OR_PERCENT,
  },
  {
    schema: 'ApiAppsV1RollingUpdateDaemonSet',
    fields: ['maxSurge', 'maxUnavailable'],
    is: NUMBER_OR_PERCENT,
  },
  {
    schema: 'ApiPolicyV1PodDisruptionBudgetSpec',
    fields: ['maxUnavailable', 'minAvailable'],
    is: NUMBER_OR_PERCENT,
  },
  {
    schema: 'ApiPolicyV1PodDisruptionBudgetSpec',
    fields: ['.'],
    is: notBoth('maxUnavailable', 'minAvailable'),
  },
  {
    schema: 'ApiPolicyV1PodDisruptionBudgetSpec',
    fields: ['unhealthyPodEvictionPolicy'],
    is: { enum: ['AlwaysAllow', 'IfHealthyBudget'] },
  },
  {
    schema: 'ApiAutoscalingV2HorizontalPodAutoscalerSpec',
    fields: ['maxReplicas', 'minReplicas'],
    is: POSITIVE,
  },
  {
    schema: 'ApiAutoscalingV2MetricSpec',
    fields: ['type'],
    is: { enum: ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'] },
  },
  {
    schema: 'ApiAutoscalingV2MetricTarget',
    fields: ['type'],
    is: { enum: ['AverageValue', 'Utilization', 'Value'] },
  },
  { schema: 'ApiAutoscalingV2MetricTarget', fields: ['averageUtilization'], is: POSITIVE },
  { schema: 'ApiBatchV1CronJobSpec', fields: ['schedule'], is: { pattern: CRON } },
  {
    schema: 'ApiBatchV1CronJobSpec',
    fields: ['failedJobsHistoryLimit', 'startingDeadlineSeconds', 'successfulJobsHistoryLimit'],
    is: COUNT,
  },
  {
    schema: 'ApiBatchV1JobSpec',
    fields: [
      'activeDeadlineSeconds',
      'backoffLimit',
      'completions',
      'parallelism',
      'ttlSecondsAfterFinished',
    ],
    is: COUNT,
  },
  { schema: 'ApiCoreV1ServicePort', fields: ['port', 'nodePort'], is: PORT },
  { schema: 'ApiCoreV1ServicePort', fields: ['targetPort'], is: PORT_OR_NAME },
  { schema: 'ApiCoreV1ServicePort', fields: ['name'], is: LABEL_NAME },
  { schema: 'ApiCoreV1ServiceSpec', fields: ['selector'], is: LABELS },
  { schema: 'ApiCoreV1ServiceSpec', fields: ['loadBalancerSourceRanges[]'], is: { pattern: CIDR } },
  { schema: 'ApiCoreV1ConfigMap', fields: ['data'], is: dataOf({ type: 'string' }) },
  { schema: 'ApiCoreV1ConfigMap', fields: ['binaryData'], is: dataOf({ type: 'string', pattern: BASE64 }) },
  { schema: 'ApiCoreV1Secret', fields: ['data'], is: dataOf({ type: 'string', pattern: BASE64 }) },
  { schema: 'ApiCoreV1Secret', fields: ['stringData'], is: dataOf({ type: 'string' }) },
  {
    schema: 'ApiCoreV1LimitRangeItem',
    fields: ['type'],
    is: { enum: ['Container', 'PersistentVolumeClaim', 'Pod'] },
  },
  { schema: 'ApiNetworkingV1IPBlock', fields: ['cidr', 'except[]'], is: { pattern: CIDR } },
  { schema: 'ApiNetworkingV1NetworkPolicyPort', fields: ['port'], is: PORT_OR_NAME },
  { schema: 'ApiNetworkingV1NetworkPolicyPort', fields: ['endPort'], is: PORT },
  { schema: 'ApiNetworkingV1NetworkPolicyPort', fields: ['protocol'], is: { enum: ['SCTP', 'TCP', 'UDP'] } },
  {
    schema: 'ApiNetworkingV1NetworkPolicySpec',
    fields: ['policyTypes[]'],
    is: { enum: ['Egress', 'Ingress'] },
  },
  { schema: 'ApiNetworkingV1IngressRule', fields: ['host'], is: { pattern: DNS_WILDCARD, maxLength: 253 } },
  { schema: 'ApiNetworkingV1HTTPIngressPath', fields: ['path'], is: { pattern: '^/' } },
  { schema: 'ApiNetworkingV1IngressBackend', fields: ['.'], is: exactlyOne('resource', 'service') },
  { schema: 'ApiNetworkingV1ServiceBackendPort', fields: ['.'], is: exactlyOne('name', 'number') },
  { schema: 'ApiNetworkingV1ServiceBackendPort', fields: ['number'], is: PORT },
  { schema: 'ApiRbacV1PolicyRule', fields: ['verbs'], is: { minItems: 1 } },
  { schema: 'ApiRbacV1RoleRef', fields: ['kind'], is: { enum: ['ClusterRole', 'Role'] } },
  { schema: 'ApiRbacV1Subject', fields: ['kind'], is: { enum: ['Group', 'ServiceAccount', 'User'] } },
  {
    schema: 'ApiAdmissionregistrationV1ValidatingAdmissionPolicyBindingSpec',
    fields: ['validationActions[]'],
    is: { enum: ['Audit', 'Deny', 'Warn'] },
  },
  {
    schema: 'ApiAdmissionregistrationV1ValidatingAdmissionPolicySpec',
    fields: ['failurePolicy'],
    is: { enum: ['Fail', 'Ignore'] },
  },
  { schema: 'ApiAdmissionregistrationV1Validation', fields: ['expression'], is: NOT_EMPTY },
  {
    schema: 'ApiStorageV1StorageClass',
    fields: ['volumeBindingMode'],
    is: { enum: ['Immediate', 'WaitForFirstConsumer'] },
  },
];

/** Their package has lost the durations' patterns. @see https://fluxcd.io/flux/components/ */
const FLUX: readonly Fact[] = [
  {
    schema: 'HelmControllerApiV2HelmReleaseSpec',
    fields: ['interval', 'timeout'],
    is: { pattern: FLUX_DURATION },
  },
  { schema: 'HelmControllerApiV2HelmReleaseSpec', fields: ['.'], is: exactlyOne('chart', 'chartRef') },
  {
    schema: 'HelmControllerApiV2HelmChartTemplateSpec',
    fields: ['interval'],
    is: { pattern: FLUX_DURATION },
  },
  { schema: 'HelmControllerApiV2Install', fields: ['timeout'], is: { pattern: FLUX_DURATION } },
  { schema: 'HelmControllerApiV2Rollback', fields: ['timeout'], is: { pattern: FLUX_DURATION } },
  { schema: 'HelmControllerApiV2Test', fields: ['timeout'], is: { pattern: FLUX_DURATION } },
  { schema: 'HelmControllerApiV2Uninstall', fields: ['timeout'], is: { pattern: FLUX_DURATION } },
  { schema: 'HelmControllerApiV2Upgrade', fields: ['timeout'], is: { pattern: FLUX_DURATION } },
  { schema: 'HelmControllerApiV2InstallStrategy', fields: ['retryInterval'], is: { pattern: FLUX_DURATION } },
  { schema: 'HelmControllerApiV2UpgradeStrategy', fields: ['retryInterval'], is: { pattern: FLUX_DURATION } },
  {
    schema: 'ImageAutomationControllerApiV1ImageUpdateAutomationSpec',
    fields: ['interval'],
    is: { pattern: FLUX_DURATION },
  },
  {
    schema: 'ImageReflectorControllerApiV1ImagePolicySpec',
    fields: ['interval'],
    is: { pattern: FLUX_DURATION },
  },
  {
    schema: 'ImageReflectorControllerApiV1ImagePolicyChoice',
    fields: ['.'],
    is: exactlyOne('alphabetical', 'numerical', 'semver'),
  },
  {
    schema: 'ImageReflectorControllerApiV1ImageRepositorySpec',
    fields: ['interval'],
    is: { pattern: FLUX_DURATION },
  },
  {
    schema: 'ImageReflectorControllerApiV1ImageRepositorySpec',
    fields: ['timeout'],
    is: { pattern: FLUX_TIMEOUT },
  },
  {
    schema: 'KustomizeControllerApiV1KustomizationSpec',
    fields: ['interval', 'retryInterval', 'timeout'],
    is: { pattern: FLUX_DURATION },
  },
  { schema: 'NotificationControllerApiV1ReceiverSpec', fields: ['interval'], is: { pattern: FLUX_DURATION } },
  {
    schema: 'NotificationControllerApiV1beta3ProviderSpec',
    fields: ['interval'],
    is: { pattern: FLUX_DURATION },
  },
  {
    schema: 'NotificationControllerApiV1beta3ProviderSpec',
    fields: ['timeout'],
    is: { pattern: FLUX_TIMEOUT },
  },
  ...['GitRepository', 'HelmRepository', 'OCIRepository'].flatMap((source): Fact[] => [
    { schema: `SourceControllerApiV1${source}Spec`, fields: ['interval'], is: { pattern: FLUX_DURATION } },
    { schema: `SourceControllerApiV1${source}Spec`, fields: ['timeout'], is: { pattern: FLUX_TIMEOUT } },
  ]),
];

/** The standard channel, which is what we install. @see https://gateway-api.sigs.k8s.io/concepts/versioning/ */
const GATEWAY: readonly Fact[] = [
  { schema: 'GatewayApiApisV1HTTPRouteRule', fields: ['retry', 'sessionPersistence'], is: 'absent' },
  { schema: 'GatewayApiApisV1HTTPRouteFilter', fields: ['externalAuth'], is: 'absent' },
  { schema: 'GatewayApiApisV1HTTPRouteSpec', fields: ['useDefaultGateways'], is: 'absent' },
];

/** @see https://karpenter.sh/docs/concepts/ */
const KARPENTER: readonly Fact[] = [
  {
    schema: 'KarpenterPkgApisV1Budget',
    fields: ['duration'],
    is: { pattern: '^([0-9]+(h|m)|[0-9]+h[0-9]+m)(0s)?$' },
  },
  {
    schema: 'KarpenterPkgApisV1NodeClaimTemplateSpec',
    fields: ['terminationGracePeriod'],
    is: { pattern: '^([0-9]+(s|m|h))+$' },
  },
  {
    schema: 'KarpenterPkgApisV1NodeClassReference',
    fields: ['group', 'kind', 'name'],
    is: { pattern: '^[^/]+$' },
  },
  {
    schema: 'KarpenterPkgApisV1NodeSelectorRequirementWithMinValues',
    fields: ['key'],
    is: { pattern: KARPENTER_LABEL, maxLength: 316 },
  },
  {
    schema: 'KarpenterPkgApisV1NodeSelectorRequirementWithMinValues',
    fields: ['values[]'],
    is: { pattern: LABEL_VALUE, maxLength: 63 },
  },
  {
    schema: 'KarpenterPkgApisV1ObjectMeta',
    fields: ['labels'],
    is: { ...LABELS, propertyNames: { pattern: KARPENTER_LABEL }, maxProperties: 100 },
  },
  {
    schema: 'KarpenterProviderAwsPkgApisV1EC2NodeClassSpec',
    fields: ['.'],
    is: exactlyOne('instanceProfile', 'role'),
  },
  {
    schema: 'KarpenterProviderAwsPkgApisV1EC2NodeClassSpec',
    fields: ['instanceProfile', 'role'],
    is: NOT_EMPTY,
  },
  {
    schema: 'KarpenterProviderAwsPkgApisV1EC2NodeClassSpec',
    fields: ['securityGroupSelectorTerms', 'subnetSelectorTerms'],
    is: { minItems: 1 },
  },
  // Newer than the package.
  {
    schema: 'KarpenterPkgApisV1NodeSelectorRequirementWithMinValues',
    fields: ['operator'],
    is: { enum: ['DoesNotExist', 'Exists', 'Gt', 'Gte', 'In', 'Lt', 'Lte', 'NotIn'] },
  },
  {
    schema: 'KarpenterPkgApisV1Disruption',
    fields: ['consolidationPolicy'],
    is: { enum: ['Balanced', 'WhenEmpty', 'WhenEmptyOrUnderutilized'] },
  },
  {
    schema: 'KarpenterProviderAwsPkgApisV1AMISelectorTerm',
    fields: ['alias'],
    is: { pattern: '^((al2|al2023|bottlerocket)@.+|windows20(19|22|25)@latest)$' },
  },
];

const CERT_MANAGER: readonly Fact[] = [
  // @see https://cert-manager.io/docs/trust/trust-manager/api-reference/
  {
    schema: 'TrustV1alpha1BundleSource',
    fields: ['.'],
    is: exactlyOne('configMap', 'inLine', 'secret', 'useDefaultCAs'),
  },
  { schema: 'TrustV1alpha1SourceObjectKeySelector', fields: ['.'], is: exactlyOne('name', 'selector') },
];

/** @see https://external-secrets.io/latest/api/spec/ */
const EXTERNAL_SECRETS: readonly Fact[] = [
  {
    schema: 'ExternalsecretsV1SecretStoreProvider',
    fields: ['.'],
    is: { minProperties: 1, maxProperties: 1 },
  },
  { schema: 'ExternalsecretsV1SecretStoreProvider', fields: ['alibaba', 'device42'], is: 'absent' },
];

/** @see https://prometheus-operator.dev/docs/api-reference/api/ */
const PROMETHEUS: readonly Fact[] = ['PodMonitorSpec', 'ServiceMonitorSpec'].map((spec) => ({
  schema: `ApisMonitoringV1${spec}`,
  fields: [
    'keepDroppedTargets',
    'labelLimit',
    'labelNameLengthLimit',
    'labelValueLengthLimit',
    'nativeHistogramBucketLimit',
    'sampleLimit',
    'targetLimit',
  ],
  is: COUNT,
}));

/** @see https://github.com/fluxcd/flagger/blob/main/artifacts/flagger/crd.yaml */
const FLAGGER: readonly Fact[] = [
  {
    schema: 'flagger-types.ObjectReference',
    fields: ['kind'],
    is: { enum: ['DaemonSet', 'Deployment', 'Service'] },
  },
  { schema: 'flagger-types.CanaryAnalysis', fields: ['interval'], is: { pattern: FLAGGER_DURATION } },
  { schema: 'flagger-types.CanaryMetric', fields: ['interval'], is: { pattern: FLAGGER_DURATION } },
  { schema: 'flagger-types.CanaryWebhook', fields: ['timeout'], is: { pattern: FLAGGER_DURATION } },
  { schema: 'flagger-types.CanaryWebhook', fields: ['url'], is: { pattern: '^https?://\\S+$' } },
  {
    schema: 'flagger-types.CanaryAnalysis',
    fields: ['.'],
    is: exactlyOne('iterations', 'stepWeight', 'stepWeights'),
  },
  { schema: 'flagger-types.CanaryAnalysis', fields: ['threshold'], is: { type: 'integer', minimum: 0 } },
  {
    schema: 'flagger-types.CanaryAnalysis',
    fields: ['iterations', 'maxWeight', 'stepWeight', 'stepWeightPromotion', 'stepWeights[]'],
    is: { type: 'integer', minimum: 0 },
  },
  {
    schema: 'flagger-types.ICanary',
    fields: ['spec.progressDeadlineSeconds'],
    is: { type: 'integer', minimum: 1 },
  },
  { schema: 'flagger-types.ICanary', fields: ['spec.service.port'], is: { type: 'integer', ...PORT } },
  {
    schema: 'flagger-types.ICanary',
    fields: ['spec.service.targetPort'],
    is: { type: ['integer', 'string'], ...PORT_OR_NAME },
  },
  {
    schema: 'flagger-types.ICanary',
    fields: ['spec.autoscalerRef.kind'],
    is: { enum: ['HorizontalPodAutoscaler', 'ScaledObject'] },
  },
  {
    schema: 'flagger-types.ICanary',
    fields: [
      'spec.autoscalerRef.primaryScalerReplicas.maxReplicas',
      'spec.autoscalerRef.primaryScalerReplicas.minReplicas',
    ],
    is: { type: 'integer', ...POSITIVE },
  },
  {
    schema: 'flagger-types.GatewayReference',
    fields: ['kind'],
    is: { pattern: KIND_NAME, maxLength: 63 },
  },
  {
    schema: 'flagger-types.GatewayReference',
    fields: ['group'],
    is: { pattern: `^$|${DNS_SUBDOMAIN}`, maxLength: 253 },
  },
  { schema: 'flagger-types.GatewayReference', fields: ['name'], is: { ...NOT_EMPTY, maxLength: 253 } },
  { schema: 'flagger-types.GatewayReference', fields: ['namespace'], is: LABEL_NAME },
  { schema: 'flagger-types.GatewayReference', fields: ['port'], is: { type: 'integer', ...PORT } },
];

/** @see https://github.com/linkerd/linkerd2/tree/main/charts/linkerd-crds/templates/policy */
const LINKERD: readonly Fact[] = [
  {
    schema: 'linkerd-types.IServer',
    fields: ['spec.port'],
    is: { type: ['integer', 'string'], ...PORT_OR_NAME },
  },
  { schema: 'linkerd-types.IServer', fields: ['spec.podSelector.matchLabels'], is: LABELS },
  { schema: 'linkerd-types.SelectorRequirement', fields: ['key'], is: { pattern: LABEL_KEY } },
  {
    schema: 'linkerd-types.SelectorRequirement',
    fields: ['values[]'],
    is: { pattern: LABEL_VALUE, maxLength: 63 },
  },
  { schema: 'linkerd-types.PolicyReference', fields: ['name'], is: { ...SUBDOMAIN, ...NOT_EMPTY } },
  { schema: 'linkerd-types.PolicyReference', fields: ['kind'], is: { pattern: KIND_NAME, maxLength: 63 } },
  {
    schema: 'linkerd-types.PolicyReference',
    fields: ['group'],
    is: { pattern: `^$|${DNS_SUBDOMAIN}`, maxLength: 253 },
  },
  { schema: 'linkerd-types.IMeshTLSAuthentication', fields: ['spec.identityRefs'], is: { minItems: 1 } },
  { schema: 'linkerd-types.IdentityReference', fields: ['name'], is: { ...SUBDOMAIN, ...NOT_EMPTY } },
  { schema: 'linkerd-types.IdentityReference', fields: ['namespace'], is: LABEL_NAME },
  { schema: 'linkerd-types.INetworkAuthentication', fields: ['spec.networks'], is: { minItems: 1 } },
  {
    schema: 'linkerd-types.INetworkAuthentication',
    fields: ['spec.networks[].cidr', 'spec.networks[].except[]'],
    is: { pattern: CIDR },
  },
];

export const FACTS: readonly Fact[] = [
  ...PODS,
  ...KUBERNETES,
  ...FLUX,
  ...GATEWAY,
  ...KARPENTER,
  ...CERT_MANAGER,
  ...EXTERNAL_SECRETS,
  ...PROMETHEUS,
  ...FLAGGER,
  ...LINKERD,
];
