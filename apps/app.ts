import type { Chart } from 'cdk8s';
import type { Platform } from '../charts/platform.ts';
import type { Image } from '../charts/web-service.ts';
import type { AppSettings } from '../config/schema.ts';

/** What an app is told of the place it is compiled for. */
export interface AppContext {
  /** The app's name, which is also its namespace. */
  name: string;
  /** The image that the app's ring runs. */
  image: Image;
  /** The DNS name at which users of this ring reach it. */
  host: string;
  /** Its settings from `config/platform.ts`, with the ring's own taken in. */
  settings: AppSettings;
  /** What web services stand on in this cluster. */
  platform: Platform;
}

/** An app: a file in `apps/` whose default export puts the app's objects into a chart. */
export type App = (chart: Chart, context: AppContext) => void;
