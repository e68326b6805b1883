import type { Chart } from 'cdk8s';
import { WebService } from '../charts/web-service.ts';
import { clusterVar } from '../config/cluster-vars.ts';
import type { AppContext } from './app.ts';

/** Conduit, the Express service in `service/`. */
export default function conduit(chart: Chart, { name, image, host, settings, platform }: AppContext): void {
  new WebService(chart, name, {
    ...settings,
    image,
    host,
    platform,
    namespace: name,
    migrate: ['--migrate'],
    env: {
      PGHOST: clusterVar('DATABASE_HOST'),
      PGDATABASE: 'conduit',
      PGUSER: 'conduit',
      PGSSLMODE: 'verify-full',
    },
    secrets: { SESSION_KEY: { name: 'conduit', key: 'session-key' } },
  });
}
