/**
 * The addresses of Kubernetes' Services in every cluster. EKS would choose by the VPC's range; network policies must know.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
 */
export const SERVICE_CIDR = '172.20.0.0/16';

/** The Service of the Kubernetes API has the first address of {@link SERVICE_CIDR}. */
export const API_SERVICE_CIDR = '172.20.0.1/32';
