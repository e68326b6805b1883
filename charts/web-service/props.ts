// What a product developer writes of a web service.

import type { MeshedPods, Platform } from '../platform.ts';
import type { RouteSettings } from '../public-route.ts';
import type { ReleaseStrategy } from '../release-strategy.ts';
import type { OwnPanel } from '../service-dashboard.ts';
import type { Objectives } from './error-budget.ts';

/** A container image, and the policy by which Flux's automation moves it, if one does. */
export interface Image {
  /** `registry/name:tag`, with `@sha256:…` once automation has written it. */
  reference: string;
  /** `namespace:name` of the ImagePolicy. @default the image moves by hand only */
  policy?: string | undefined;
}

/** A web service and who may call it. */
export type WebServiceProps = ServiceProps & (PublicService | InternalService);

/** A service that users reach. */
export interface PublicService {
  public?: true;
  /** The DNS name at which users reach it. */
  host: string;
  /**
   * The paths of the host that are this service's, each with all below it. Several services may share a host; the longest
   * path wins.
   *
   * @default everything: `/`
   */
  paths?: readonly string[];
  /**
   * The name of its route. A service that takes over the paths of another takes over this name too: the controller of
   * Ingresses refuses a second route for a path while the first is there.
   *
   * @default the name of the service
   */
  routeName?: string;
  /** How the edge treats its requests: limits, time-outs, headers. @default the edge's own; everybody may call */
  edge?: RouteSettings;
  /** Who may call it besides. @default nobody */
  callers?: readonly Caller[];
}

/** A service that only other services reach. */
export interface InternalService {
  public: false;
  host?: never;
  paths?: never;
  routeName?: never;
  edge?: never;
  /** Who may call it. */
  callers: readonly [Caller, ...Caller[]];
}

/** Who may call: another web service, or pods of another sort. */
export type Caller = ServiceReference | (MeshedPods & { name?: never });

/** Another web service. The construct is one itself: `callers: [cart]`. */
export interface ServiceReference {
  readonly name: string;
  readonly namespace: string;
  /** It is the service's name: who has another is said by pods. */
  readonly serviceAccount?: never;
}

export interface ServiceProps {
  image: Image;
  /** What it finds in its cluster. */
  platform: Platform;
  /**
   * Pods that serve, at least and at most. The autoscaler moves between them.
   *
   * @default 2 to 6: one may go at any time
   */
  replicas?: { min: number; max: number };
  /** CPU that each pod asks for: cores, or thousandths of one with an `m`. @default 100m */
  cpu?: string;
  /** Memory that each pod asks for and may not exceed. @default 256Mi */
  memory?: string;
  /**
   * How a new image reaches the users.
   *
   * @default a canary: 10 % more of the traffic each minute, up to half of it
   */
  release?: ReleaseStrategy;
  /**
   * Environment of the containers.
   *
   * @default none but what it must know of its surroundings: its ports and drain time (`PORT`, `MANAGEMENT_PORT`,
   * `DRAIN_SECONDS`), its database (`PG…`), where its traces go (`OTEL_…`)
   */
  env?: Readonly<Record<string, string>>;
  /**
   * Environment whose values are secret: name of the variable, then where its value is. It is read when a pod starts; a
   * value that changes reaches the pods with the next release or restart.
   *
   * @default none
   */
  secrets?: Readonly<Record<string, SecretSource>>;
  /** Its database on the platform's PostgreSQL server. @default it has none, and reaches no server */
  database?: Database;
  /** Arguments with which the image serves. @default the image's own */
  args?: readonly string[];
  /**
   * Arguments with which the image migrates its database before it serves. Every pod does so as it starts: the image must
   * see to it that one of several does the work.
   *
   * @default no migration
   */
  migrate?: readonly string[];
  /** Web services that it calls; each must name it among its callers too. @default none */
  calls?: readonly ServiceReference[];
  /** What it reaches outside of the cluster, besides its database. @default nothing */
  egress?: readonly Outside[];
  /**
   * The number of the user that the containers run as; never 0.
   *
   * @default the image's own, which it must name by number: Kubernetes can't tell of a name that it isn't root
   */
  runAsUser?: number;
  /** Port for users' requests. @default 8080 */
  port?: number;
  /** Port for probes and metrics, apart so that they don't count as users' requests. @default 9090 */
  managementPort?: number;
  /** Paths on the management port. */
  management?: ManagementPaths;
  /**
   * How long a pod that must go keeps serving. New requests still arrive until each proxy has heard that it is no endpoint
   * any more, which takes seconds on a busy cluster.
   *
   * @default 15
   */
  drainSeconds?: number;
  /** How long a pod may take to start. @default 120 */
  startSeconds?: number;
  /** When pods are added and taken away. */
  scaling?: Scaling;
  /** What its users may count on; alerts say when it is missed. @default 99 % succeed, 99 % within 500 ms */
  objectives?: Objectives;
  /** What its dashboard shows of the service's own metrics, besides what every service has. @default nothing */
  panels?: readonly OwnPanel[];
  /**
   * Pods that may be away at once when nodes go.
   *
   * @default 1
   */
  maxUnavailable?: number;
}

/** Where a secret value is: in the secret store, or in a Secret that something else makes. */
export type SecretSource =
  | {
      /** Its name in the secret store, behind the names of the cluster and of the namespace: `session-key`. */
      remoteKey: string;
      /** The property of it, where it is a JSON object. @default all of it */
      property?: string;
      name?: never;
      key?: never;
    }
  | {
      /**
       * The Secret. Flagger takes a change of it for a release and gives the primary a copy, unless the Secret is annotated
       * `flagger.app/config-tracking: disabled`.
       */
      name: string;
      key: string;
      remoteKey?: never;
      property?: never;
    };

export interface Database {
  name: string;
  /** @default the name of the database */
  user?: string;
}

/** Addresses outside of the cluster, and the TCP ports there. */
export interface Outside {
  cidr: string;
  /** CIDRs within it that are not meant. @default none */
  except?: readonly string[];
  ports: readonly [number, ...number[]];
}

export interface ManagementPaths {
  /** Answers as long as the process lives. @default /livez */
  live?: string;
  /** Answers as long as requests should come. @default /readyz */
  ready?: string;
  /** The service's own metrics, for Prometheus; `false` for a service that has none. @default /metrics */
  metrics?: string | false;
}

export interface Scaling {
  /** Average CPU, in percent of what is asked for, above which pods are added. @default 65: one zone of three may go */
  cpuPercent?: number;
  /** Average memory, in percent of what is asked for, above which pods are added. @default 80 */
  memoryPercent?: number;
  /** How long fewer pods must have sufficed before one is taken away. @default 300 */
  calmSeconds?: number;
}
