import type { CanaryAnalysis } from './flagger-types.ts';

/** How a new image reaches the users of a web service. */
export type ReleaseStrategy = CanaryRelease | RollingRelease;

/** Traffic moves to the new version step by step while its success rate and its P99 hold. */
export interface CanaryRelease {
  strategy: 'canary';
  /** Percent of the traffic at each step: equal steps up to a maximum, or each one named, rising. */
  weights: { step: number; max: number } | readonly number[];
  /** Seconds between two checks, and the window each check looks back over. Flagger runs none under 10. */
  intervalSeconds: number;
  /** Failed checks after which the release is rolled back. */
  threshold: number;
  /** The check fails below this percentage of successful requests. */
  minSuccessPercent: number;
  /** The check fails when the slowest percent of the requests takes longer than this. */
  maxP99Milliseconds: number;
}

/** Kubernetes replaces the pods one by one; nobody judges the new version but its probes. */
export interface RollingRelease {
  strategy: 'rolling';
}

/** What a canary's analysis stands on in its cluster. */
export interface CanaryPlatform {
  /** The MetricTemplates that measure a deployment, and the namespace they are in. */
  metricTemplates: { namespace: string; successRate: string; p99: string };
  /** The load tester's address; it keeps requests coming while a check runs. */
  loadTesterUrl: string;
}

export interface CanaryAnalysisProps {
  release: CanaryRelease;
  platform: CanaryPlatform;
  /** Address of the new version alone, which the load tester calls. */
  canaryUrl: string;
  /** The container port that users' requests arrive on. Probes arrive on another and are not counted. */
  port: number;
}

/** Requests a second that the load tester adds, so that no check is without numbers: an empty one counts as failed. */
const LOAD_TESTER_REQUESTS_PER_SECOND = 10;

/** Flagger's analysis for a canary release. */
export function canaryAnalysis({ release, platform, canaryUrl, port }: CanaryAnalysisProps): CanaryAnalysis {
  const interval = `${release.intervalSeconds}s`;
  const { namespace, successRate, p99 } = platform.metricTemplates;
  const shared = { interval, templateVariables: { port: String(port) } };
  return {
    interval,
    threshold: release.threshold,
    ...('step' in release.weights
      ? { stepWeight: release.weights.step, maxWeight: release.weights.max }
      : { stepWeights: [...release.weights] }),
    metrics: [
      {
        name: 'success-rate',
        templateRef: { name: successRate, namespace },
        thresholdRange: { min: release.minSuccessPercent },
        ...shared,
      },
      {
        name: 'p99',
        templateRef: { name: p99, namespace },
        thresholdRange: { max: release.maxP99Milliseconds },
        ...shared,
      },
    ],
    webhooks: [
      {
        name: 'load',
        type: 'rollout',
        url: platform.loadTesterUrl,
        // The load tester answers at once and runs the command in the background.
        timeout: '5s',
        metadata: {
          type: 'cmd',
          cmd: `hey -z ${interval} -q ${LOAD_TESTER_REQUESTS_PER_SECOND} -c 1 ${canaryUrl}`,
        },
      },
    ],
  };
}
