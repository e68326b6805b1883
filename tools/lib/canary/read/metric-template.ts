import type { Metric } from '../odds/analysis.ts';

/** What a query asks, as far as it can be told from its text. */
export interface Query {
  /** What it gives: percent of requests that succeeded or failed, or a time in milliseconds. */
  gives: 'successPercent' | 'failedPercent' | { quantile: number } | 'unknown';
  whose: Metric['whose'];
}

/** Reads a MetricTemplate's query: what of a metric's meaning the Canary itself does not say. */
export function readQuery(query: string): Query {
  const others = /client_id!=/.test(query);
  const loadTester = /client_id=["']/.test(query);
  const whose = others && loadTester ? 'apart' : others ? 'users' : 'together';
  return { gives: givenBy(query), whose };
}

function givenBy(query: string): Query['gives'] {
  const quantile = /histogram_quantile\(\s*(0?\.\d+)/.exec(query);
  if (quantile) return { quantile: Number(quantile[1]) };
  if (/classification="success"/.test(query)) return 'successPercent';
  if (/classification="failure"|(status|code|status_code)=~?"[45]/.test(query)) return 'failedPercent';
  // "Not a 5xx" counts what went well.
  if (/(status|code|status_code)!~"[45]/.test(query)) return 'successPercent';
  return 'unknown';
}

/** What a metric without a known template probably gives, by its name: Flagger's own two, and what others are called. */
export function queryByName(name: string): Query {
  const whose = 'together';
  if (name === 'request-success-rate') return { gives: 'successPercent', whose };
  if (name === 'request-duration') return { gives: { quantile: 0.99 }, whose };
  const quantile = /p(50|90|95|99)$/i.exec(name);
  if (quantile) return { gives: { quantile: Number(quantile[1]) / 100 }, whose };
  if (/latency|duration/i.test(name)) return { gives: { quantile: 0.99 }, whose };
  if (/success|availability/i.test(name)) return { gives: 'successPercent', whose };
  if (/error|fail|5xx|404|not-found/i.test(name)) return { gives: 'failedPercent', whose };
  return { gives: 'unknown', whose };
}
