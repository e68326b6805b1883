import type { Chart } from 'cdk8s';
import { WebService } from '../charts/web-service.ts';
import type { AppContext } from './app.ts';

/** Conduit, the Express service in `service/`. */
export default function conduit(chart: Chart, { name, image, host, settings, platform }: AppContext): void {
  new WebService(chart, name, {
    ...settings,
    image,
    host,
    platform,
    migrate: ['--migrate'],
    database: { name: 'conduit' },
    secrets: { SESSION_KEY: { name: 'conduit', key: 'session-key' } },
  });
}
