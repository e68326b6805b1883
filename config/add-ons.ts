// Which add-ons a platform may leave out, by one word each.

/**
 * Add-ons that a cluster can do without, and whether it has them where the config says nothing. All others are what
 * releases stand on.
 */
export const OPTIONAL_ADD_ONS = {
  'external-dns': 'on',
  'oauth2-proxy': 'on',
  'linkerd-viz': 'on',
  'opentelemetry-collector': 'on',
  grafana: 'on',
  'fluent-bit': 'on',
  'metrics-server': 'on',
  'admission-policies': 'on',
  // Charged by metric, and most of what it tells is told by Prometheus.
  'container-insights': 'off',
} as const satisfies Record<string, 'on' | 'off'>;

/** The name of an add-on that may be left out. */
export type OptionalAddOn = keyof typeof OPTIONAL_ADD_ONS;
