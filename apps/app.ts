import type { Chart } from 'cdk8s';
import type { Platform } from '../charts/platform.ts';
import type { ReleaseStrategy } from '../charts/release-strategy.ts';
import type { Image } from '../charts/web-service.ts';
import type { Topology } from '../config/schema.ts';

/** What an app is told of the place it is compiled for. */
export interface AppContext {
  /** The app's name, which is also its namespace. */
  name: string;
  /** The image that the app's ring runs. */
  image: Image;
  /** The DNS name at which users of this ring reach it. */
  host: string;
  /** How big its services are and how a new image reaches their users. */
  settings: ServiceSettings;
  /** Whether it is one service or several, for an app that can be both. */
  topology: Topology;
  /** Connections of each pod to its database, besides the one that asks whether it is there. @default it has none */
  poolSize?: number | undefined;
  /** The AWS region it runs in. */
  region: string;
  /** What web services stand on in this cluster. */
  platform: Platform;
}

/** What the config says of each service of an app, as a web service takes it. */
export interface ServiceSettings {
  replicas: { min: number; max: number };
  cpu: string;
  memory: string;
  release: ReleaseStrategy;
}

/** An app: a file in `apps/` whose default export puts the app's objects into a chart. */
export type App = (chart: Chart, context: AppContext) => void;
