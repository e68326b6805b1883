// Which Kubernetes a cluster may run. An upgrade is one step in this table: EKS moves the control plane by one minor.

/**
 * The versions of what AWS runs on a cluster for us, by the minor of Kubernetes: EKS add-ons, which EKS would otherwise move
 * when it likes. All of a row were offered for that minor when the row was written; `npm run infra:doctor` asks AWS.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
 */
export const KUBERNETES_VERSIONS = {
  '1.34': {
    'vpc-cni': 'v1.21.1-eksbuild.3',
    coredns: 'v1.13.2-eksbuild.1',
    'kube-proxy': 'v1.34.3-eksbuild.5',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
    'aws-ebs-csi-driver': 'v1.57.1-eksbuild.1',
    'amazon-cloudwatch-observability': 'v5.3.0-eksbuild.1',
  },
  '1.35': {
    'vpc-cni': 'v1.21.1-eksbuild.3',
    coredns: 'v1.13.2-eksbuild.1',
    'kube-proxy': 'v1.35.0-eksbuild.2',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
    'aws-ebs-csi-driver': 'v1.57.1-eksbuild.1',
    'amazon-cloudwatch-observability': 'v5.3.0-eksbuild.1',
  },
  '1.36': {
    'vpc-cni': 'v1.22.4-eksbuild.3',
    coredns: 'v1.14.3-eksbuild.23',
    'kube-proxy': 'v1.36.0-eksbuild.25',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
    'aws-ebs-csi-driver': 'v1.66.0-eksbuild.1',
    'amazon-cloudwatch-observability': 'v6.6.0-eksbuild.1',
  },
} as const;

/** A minor of Kubernetes: `1.35`. */
export type KubernetesVersion = keyof typeof KUBERNETES_VERSIONS;

/** The name of an EKS add-on. */
export type EksAddOn = keyof (typeof KUBERNETES_VERSIONS)[KubernetesVersion];
