import type { Alert } from './alert.ts';

/** Logs are lost, of pods and of nodes. */
export const LOG_ALERTS: readonly Alert[] = [
  {
    alert: 'LogsLost',
    severity: 'warning',
    expr: `sum by (pod) (rate(fluentbit_output_retries_failed_total[10m]))
+
sum by (pod) (rate(fluentbit_output_dropped_records_total[10m])) > 0`,
    minutes: 15,
    summary: 'Logs of a node are lost ({{ $labels.pod }})',
    description: 'CloudWatch did not take them, time after time, or what waits for it has filled its buffer.',
    runbook: 'logs-lost',
  },
];

/** Traces are lost. */
export const TRACE_ALERTS: readonly Alert[] = [
  {
    alert: 'TracesLost',
    severity: 'warning',
    expr: `sum by (exporter) (rate(otelcol_exporter_send_failed_spans_total[10m])) > 0
or
sum by (receiver) (rate(otelcol_receiver_refused_spans_total[10m])) > 0`,
    minutes: 15,
    summary: 'Traces are lost ({{ $labels.exporter }}{{ $labels.receiver }})',
    description: 'X-Ray does not take them, or the collector has no room. Requests are served all the same.',
    runbook: 'traces-lost',
  },
];
