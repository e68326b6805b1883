import type { Chart } from 'cdk8s';
import { WebService } from '../charts/web-service.ts';
import type { AppContext } from './app.ts';

/** podinfo, as an example: an image that others build, with ports, paths and a user of its own. */
export default function hello(chart: Chart, { name, image, host, platform, settings }: AppContext): void {
  const management = { live: '/healthz', ready: '/healthz' };
  const pods = { args: ['./podinfo', '--port-metrics=9090'], port: 9898, runAsUser: 100, drainSeconds: 3 };
  new WebService(chart, name, { ...settings, ...pods, image, host, platform, management });
}
