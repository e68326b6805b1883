/**
 * What AWS generates and a manifest needs: the CDK writes these keys into the ConfigMap `flux-system/cluster-vars` of
 * each cluster, and Flux puts their values where a manifest says `${KEY}`. Names that we can choose ahead (roles,
 * queues, log groups) don't belong here.
 *
 * Each key stands with what its value is. A key is upper case with underscores, since that is what Flux's `envsubst`
 * takes for a variable.
 */
export const CLUSTER_VARS = {
  DATABASE_HOST: 'the RDS writer endpoint, a DNS name without a port',
  VPC_ID: "the id of the cluster's VPC",
  CERTIFICATE_ARN: "the certificate for the ring's domain and all names right below it",
  HOSTED_ZONE_ID: "the Route 53 zone that holds the ring's domain",
} as const;

/** One key of the ConfigMap `flux-system/cluster-vars`. */
export type ClusterVar = keyof typeof CLUSTER_VARS;

/**
 * The text that Flux replaces by the value of a cluster variable when it applies a manifest.
 *
 * @param key which variable
 * @returns `${KEY}`, to be put into a manifest as it is
 */
export function clusterVar<Key extends ClusterVar>(key: Key): `\${${Key}}` {
  return `\${${key}}`;
}
