// The patterns of values that several kinds share, and what each means in words.

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
export const DNS_LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

/** Of a Service: it becomes a DNS name of its own, which older rules let begin with a letter only. */
export const DNS_LABEL_LETTER_FIRST = '^[a-z]([-a-z0-9]*[a-z0-9])?$';

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
export const DNS_SUBDOMAIN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';

/** A DNS name, of which the first part may stand for all. */
export const DNS_WILDCARD = '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names */
export const PATH_SEGMENT = '^(?!\\.{1,2}$)[^/%]+$';

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export const LABEL_KEY =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';
export const LABEL_VALUE = '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export const QUANTITY =
  '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+))?$';

/** The name of a port, or its number in digits. @see https://www.rfc-editor.org/rfc/rfc6335#section-5.1 */
export const PORT_NAME = '^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$';

/** What an environment variable may be called. */
export const ENV_NAME = '^[^=\\u0000-\\u001f\\u007f]+$';

/** A file name, as the keys of ConfigMaps and Secrets are. */
export const DATA_KEY = '^(?!\\.{1,2}$)[-._a-zA-Z0-9]+$';

export const BASE64 = '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';

/** A part of a hundred. */
export const PERCENT = '^(100|[0-9]{1,2})%$';

/** @see https://github.com/fluxcd/kustomize-controller/blob/main/api/v1/kustomization_types.go */
export const FLUX_DURATION = '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$';

/** Where Flux knows no hours. @see https://github.com/fluxcd/source-controller/blob/main/api/v1/gitrepository_types.go */
export const FLUX_TIMEOUT = '^([0-9]+(\\.[0-9]+)?(ms|s|m))+$';

/** @see https://github.com/fluxcd/flagger/blob/main/artifacts/flagger/crd.yaml */
export const FLAGGER_DURATION = '^([0-9]+(m|s))+$';

/** A duration as Go writes it. @see https://pkg.go.dev/time#ParseDuration */
export const GO_DURATION = '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$';

const BYTE = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
export const CIDR = `^(${BYTE}(\\.${BYTE}){3}/(3[0-2]|[12]?[0-9])|(?=.*::|([^:]*:){7})[0-9a-fA-F:]{2,39}/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$`;

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
export const CRON = `^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|${[
  cronField('[1-5]?[0-9]'),
  cronField('1?[0-9]|2[0-3]'),
  cronField('[1-9]|[12][0-9]|3[01]'),
  cronField(
    '[1-9]|1[0-2]|[jJ]an|[fF]eb|[mM]ar|[aA]pr|[mM]ay|[jJ]un|[jJ]ul|[aA]ug|[sS]ep|[oO]ct|[nN]ov|[dD]ec',
  ),
  cronField('[0-6]|[sS]un|[mM]on|[tT]ue|[wW]ed|[tT]hu|[fF]ri|[sS]at'),
].join(' +')})$`;

/** A field of a cron schedule: values, ranges and steps, with commas between. */
function cronField(value: string): string {
  const part = `([*?]|0?(${value})(-0?(${value}))?)(/[1-9][0-9]*)?`;
  return `${part}(,${part})*`;
}

/** Labels of Karpenter's own that a requirement may name. */
const INSTANCE_LABELS = [
  'instance-(category|family|generation|size|hypervisor|tenancy|local-nvme|cpu|cpu-manufacturer)',
  'instance-(cpu-sustained-clock-speed-mhz|memory|ebs-bandwidth|network-bandwidth|capability-flex)',
  'instance-(encryption-in-transit-supported|gpu-(name|manufacturer|count|memory))',
  'instance-accelerator-(name|manufacturer|count)',
  'capacity-reservation-(type|id|interruptible)',
  'placement-group-(id|partition)',
  'ec2nodeclass',
].join('|');

/**
 * A label that Karpenter lets a NodePool set or ask for: of its own domains only those it knows.
 *
 * @see https://karpenter.sh/docs/concepts/scheduling/#well-known-labels
 */
export const KARPENTER_LABEL = `^(?!kubernetes\\.io/hostname$)(?![^/]*karpenter\\.sh/(?!capacity-type$))(?![^/]*karpenter\\.k8s\\.aws/(?!(${INSTANCE_LABELS})$))${LABEL_KEY.slice(1)}`;

/** What a value must be, for messages. */
export const WORDS: ReadonlyMap<string, string> = new Map([
  [DNS_LABEL, 'a DNS label: lower-case letters, digits and -'],
  [DNS_LABEL_LETTER_FIRST, 'a DNS label that begins with a letter: lower-case letters, digits and -'],
  [DNS_SUBDOMAIN, 'a DNS name: lower-case letters, digits, - and .'],
  [DNS_WILDCARD, 'a DNS name, at most its first part *'],
  [PATH_SEGMENT, 'a name without / and %'],
  [LABEL_KEY, 'the key of a label, such as app.kubernetes.io/name'],
  [
    LABEL_VALUE,
    'the value of a label: letters, digits, -, _ and ., no other first or last than a letter or digit',
  ],
  [QUANTITY, 'a quantity, such as 100m or 192Mi'],
  [PORT_NAME, 'the name of a port: at most 15 lower-case letters, digits and -'],
  [ENV_NAME, 'the name of an environment variable'],
  [DATA_KEY, 'a file name: letters, digits, -, _ and .'],
  [BASE64, 'base64'],
  [PERCENT, 'a percentage, such as 25%'],
  [FLUX_DURATION, 'a duration, such as 90s or 1h30m'],
  [FLUX_TIMEOUT, 'a duration without hours, such as 90s or 5m'],
  [FLAGGER_DURATION, 'a duration in minutes and seconds, such as 60s'],
  [GO_DURATION, 'a duration, such as 90s or 1h30m'],
  [CIDR, 'a CIDR, such as 10.0.0.0/16'],
  [CRON, 'a cron schedule of five fields, such as 15 3 * * 1'],
  [
    KARPENTER_LABEL,
    'a label that Karpenter allows here: of kubernetes.io/hostname, karpenter.sh and karpenter.k8s.aws only its well-known ones',
  ],
]);
