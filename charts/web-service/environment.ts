import type { EnvVar } from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Settings } from './settings.ts';

/** The environment of a service's containers: what it must know of its surroundings, what it was given, and secrets. */
export function environment(settings: Settings): EnvVar[] {
  const { name, platform, port, managementPort, drainSeconds, database, env, secrets } = settings;
  const values: Record<string, string> = {
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    DRAIN_SECONDS: String(drainSeconds),
    OTEL_SERVICE_NAME: name,
    ...(platform.collector && { OTEL_EXPORTER_OTLP_ENDPOINT: platform.collector.url }),
    ...(database && {
      PGHOST: platform.database.host,
      PGDATABASE: database.name,
      PGUSER: database.user,
      // RDS takes no plain connections, and one to another server must not be taken for it.
      PGSSLMODE: 'verify-full',
    }),
    ...env,
  };
  return [
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
    ...Object.entries(secrets).map(([variable, source]) => ({
      name: variable,
      valueFrom: {
        secretKeyRef:
          source.remoteKey === undefined ? { name: source.name, key: source.key } : { name, key: variable },
      },
    })),
  ];
}
