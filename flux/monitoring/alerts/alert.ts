import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';

/** One rule of Prometheus. */
type Rule = NonNullable<NonNullable<IPrometheusRule['spec']['groups']>[number]['rules']>[number];

/** Something of the platform that a person is to be told. */
export interface Alert {
  /** Its name, by which it is known in docs/observability.md and in its runbook. */
  alert: string;
  /** `critical` wakes somebody, `warning` waits for the day. */
  severity: 'critical' | 'warning';
  /** What is so while it fires, in PromQL. */
  expr: string;
  /** For how many minutes it must be so. */
  minutes: number;
  /** One line for a person. */
  summary: string;
  /** What more there is to know: what it means, and for whom. */
  description: string;
  /** The file in docs/runbooks/, without its ending. */
  runbook: string;
}

/**
 * @param runbooks the URL of the folder with the runbooks, without a slash at its end
 */
export function rule({ alert, severity, expr, minutes, ...says }: Alert, runbooks: string): Rule {
  const { summary, description, runbook } = says;
  return {
    alert,
    expr,
    for: `${minutes}m`,
    labels: { severity },
    annotations: { summary, description, runbook_url: `${runbooks}/${runbook}.md` },
  };
}
