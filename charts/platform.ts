// What web services stand on in their cluster. Who composes a cluster says it once; each service's policies, metrics and
// release are made of it.

/** Pods of the platform. */
export interface PlatformPods {
  namespace: string;
  /** The labels that select them there. @default every pod of the namespace */
  labels?: Readonly<Record<string, string>>;
}

/** Pods of the platform that are in the mesh. */
export interface MeshedPods extends PlatformPods {
  /** The ServiceAccount they run under, which is who they are to the mesh. */
  serviceAccount: string;
}

/** What a web service finds in its cluster. */
export interface Platform {
  /** Where users' requests come from: the controller of Ingresses. */
  ingressController: MeshedPods;
  /** Where requests come from while a release is judged, and its address. */
  loadTester: MeshedPods & { url: string };
  /** The MetricTemplates that a release is judged by, and the namespace they are in. */
  metricTemplates: { namespace: string; successRate: string; p99: string };
  /** The AlertProvider by which Flagger tells people of a release that is halted. @default nobody is told by it */
  alertProvider?: { name: string; namespace: string } | undefined;
  /** What scrapes the service and its proxies. It need not be in the mesh. */
  prometheus: PlatformPods;
  /** Where the runbooks of docs/runbooks/ can be read: the URL of that folder, without a slash at its end. */
  runbooks: string;
  /** The namespace of Linkerd's control plane. */
  meshNamespace: string;
  /** Who shows people single requests, as they pass: Linkerd's tap. @default nobody */
  tap?: PlatformPods | undefined;
  /**
   * Where traces and metrics go by OTLP over HTTP: its pods, the port they listen on, and its address.
   *
   * @default nowhere: services are told of none
   */
  collector?: (PlatformPods & { port: number; url: string }) | undefined;
  /** The name of the ClusterSecretStore that secrets come from. */
  secretStore: string;
  /** What the names of all apps' secrets begin with there, before the app's namespace: `dev-eu-west-1/`. */
  secretPrefix: string;
  /** The Secret that images are pulled with, in the namespace of each service. @default everybody may pull them */
  pullSecret?: string | undefined;
  /** The PostgreSQL server that services have their databases on, and the CIDRs of the subnets it is in. */
  database: { host: string; cidrs: readonly string[] };
}

/**
 * Who pods are to the mesh: what their proxies prove, and what the `client_id` of its metrics holds.
 *
 * @param meshNamespace the namespace of Linkerd's control plane
 * @see https://linkerd.io/2-edge/features/automatic-mtls/
 */
export function meshIdentity(
  { serviceAccount, namespace }: Pick<MeshedPods, 'serviceAccount' | 'namespace'>,
  meshNamespace: string,
): string {
  return `${serviceAccount}.${namespace}.serviceaccount.identity.${meshNamespace}.cluster.local`;
}
