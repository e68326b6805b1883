import type { CanaryAlert, CanaryAnalysis, CanaryMetric, CanaryWebhook } from '../flagger-types.ts';
import type { Platform } from '../platform.ts';
import {
  type Gate,
  iterationsOf,
  type JudgedRelease,
  judgement,
  type LoadTest,
  weightsOf,
} from '../release-strategy.ts';
import { canaryService } from './pods.ts';
import type { Settings } from './settings.ts';

/**
 * Seconds by which a load test ends before the next tick. The load tester skips a command that is still running, and then
 * the whole next window would be without requests.
 */
const LOAD_PAUSE_SECONDS = 5;

/** Requests a second of one worker of the load test: answers that take up to half a second don't lower the rate. */
const REQUESTS_PER_WORKER = 2;

/** How Flagger judges a new version. */
export function analysis(settings: Settings, release: JudgedRelease): CanaryAnalysis {
  const { intervalSeconds, threshold, promotionStep } = judgement(release);
  return {
    interval: `${intervalSeconds}s`,
    threshold,
    ...progress(release),
    stepWeightPromotion: promotionStep,
    metrics: metrics(settings, release),
    webhooks: [...loadWebhooks(settings, release), ...gateWebhooks(settings.platform, release)],
    ...alerts(settings.platform),
  };
}

/** Tells people when a release is held up by a failed check, and when it is rolled back; that one went well is on its commit. */
function alerts({ alertProvider }: Platform): { alerts?: CanaryAlert[] } {
  if (alertProvider === undefined) return {};
  return { alerts: [{ name: 'halted', severity: 'warn', providerRef: { ...alertProvider } }] };
}

function progress(release: JudgedRelease): Partial<CanaryAnalysis> {
  if (release.strategy === 'blueGreen') return { iterations: iterationsOf(release) };
  const weights = weightsOf(release);
  return 'step' in weights
    ? { stepWeight: weights.step, maxWeight: weights.max }
    : { stepWeights: [...weights] };
}

function metrics({ platform, port }: Settings, release: JudgedRelease): CanaryMetric[] {
  const { windowSeconds, minSuccessPercent, maxP99Milliseconds } = judgement(release);
  const { namespace, successRate, p99 } = platform.metricTemplates;
  // Requests at the port for users are counted; probes arrive at another.
  const shared = { interval: `${windowSeconds}s`, templateVariables: { port: String(port) } };
  return [
    {
      name: 'success-rate',
      templateRef: { name: successRate, namespace },
      thresholdRange: { min: minSuccessPercent },
      ...shared,
    },
    {
      name: 'p99',
      templateRef: { name: p99, namespace },
      thresholdRange: { max: maxP99Milliseconds },
      ...shared,
    },
  ];
}

/** Keeps requests coming to the new version as long as it is judged. */
function loadWebhooks({ name, namespace, platform }: Settings, release: JudgedRelease): CanaryWebhook[] {
  const { loadTest, intervalSeconds } = judgement(release);
  if (loadTest === undefined) return [];
  const url = `http://${canaryService(name)}.${namespace}.svc.cluster.local${loadTest.path}`;
  const load = {
    url: platform.loadTester.url,
    // The load tester answers at once and runs the command in the background.
    timeout: '5s',
    metadata: { type: 'cmd', cmd: loadCommand(loadTest, intervalSeconds - LOAD_PAUSE_SECONDS, url) },
  };
  return [
    // Flagger calls the second one just before it looks back, so that for the first check it would come too late.
    { name: 'first-load', type: 'pre-rollout', ...load },
    { name: 'load', type: 'rollout', ...load },
  ];
}

/** @see https://github.com/rakyll/hey */
function loadCommand({ requestsPerSecond }: Required<LoadTest>, seconds: number, url: string): string {
  const workers = Math.ceil(requestsPerSecond / REQUESTS_PER_WORKER);
  return `hey -z ${seconds}s -c ${workers} -q ${requestsPerSecond / workers} '${url}'`;
}

/** Asks for a yes where one is wanted. */
function gateWebhooks({ loadTester }: Platform, { gates }: JudgedRelease): CanaryWebhook[] {
  const { rollout, promotion } = gates ?? {};
  const url = (gate: Gate) => (gate === 'manual' ? new URL('gate/check', loadTester.url).href : gate.url);
  const webhooks: CanaryWebhook[] = [];
  if (rollout) webhooks.push({ name: 'may-start', type: 'confirm-rollout', url: url(rollout) });
  if (promotion) webhooks.push({ name: 'may-be-promoted', type: 'confirm-promotion', url: url(promotion) });
  if (rollout === 'manual' || promotion === 'manual') {
    // Or the yes to this release would be one to the next.
    webhooks.push({
      name: 'close-gate',
      type: 'post-rollout',
      url: new URL('gate/close', loadTester.url).href,
    });
  }
  return webhooks;
}
