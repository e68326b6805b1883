import type { Chart } from 'cdk8s';
import { WebService } from '../../charts/web-service.ts';
import { clusterVar } from '../../config/cluster-vars.ts';
import type { AppContext } from '../app.ts';

/** The app that tests stand on: it migrates, and takes a cluster variable and a secret. */
export default function conduit(chart: Chart, { name, image, host, settings, platform }: AppContext): void {
  new WebService(chart, name, {
    ...settings,
    image,
    host,
    platform,
    migrate: ['--migrate'],
    env: { PGHOST: clusterVar('DATABASE_HOST') },
    secrets: { SESSION_KEY: { remoteKey: 'session-key', property: 'current' } },
  });
}
