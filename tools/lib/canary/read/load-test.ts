import { at, items, text } from '../../policy/read.ts';
import type { LoadTest } from '../odds/analysis.ts';
import type { Findings } from './findings.ts';
import { goSeconds } from './go-duration.ts';

/**
 * The requests that a Canary's webhooks have the load tester send, by the commands of `hey` in them.
 *
 * @param service the Service that reaches the new version alone: requests to another go through the split and are left out
 * @see https://github.com/rakyll/hey
 */
export function readLoadTest(webhooks: unknown, service: string, findings: Findings): LoadTest | undefined {
  const found: { type: string; test: Omit<LoadTest, 'fromStart'> }[] = [];
  for (const webhook of items(webhooks)) {
    const type = text(at(webhook, 'type')) ?? 'rollout';
    if (type !== 'rollout' && type !== 'pre-rollout') continue;
    const command = text(at(webhook, 'metadata', 'cmd'));
    if (command === undefined) continue;
    const test = readHey(command);
    const name = text(at(webhook, 'name')) ?? 'without a name';
    if (test === undefined) {
      if (text(at(webhook, 'metadata', 'type')) !== 'bash') {
        findings.notes.push(
          `How many requests the hook ${JSON.stringify(name)} sends can't be told from its command: none are counted. Say it with --load.`,
        );
      }
    } else if (!command.includes(service)) {
      findings.notes.push(
        `The hook ${JSON.stringify(name)} does not send its requests to ${service} but through the split: they are not counted.`,
      );
    } else found.push({ type, test });
  }
  const repeated = found.filter(({ type }) => type === 'rollout').map(({ test }) => test);
  const [first] = repeated;
  if (first === undefined) return undefined;
  const fromStart = found.some(({ type }) => type === 'pre-rollout');
  if (!fromStart) {
    findings.notes.push(
      'Flagger starts the load test just before it looks back for the first time: that check sees none of its requests. A hook of type pre-rollout would start it earlier.',
    );
  }
  return {
    requestsPerSecond: repeated.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0),
    seconds: Math.min(...repeated.map(({ seconds }) => seconds)),
    fromStart,
  };
}

/** Workers of `hey` where none are said. */
const WORKERS = 50;

/** A command of `hey` that keeps a rate for a time. */
function readHey(command: string): Omit<LoadTest, 'fromStart'> | undefined {
  const option = (letter: string) => new RegExp(`\\s-${letter}\\s*['"]?([\\w.]+)`).exec(command)?.[1];
  if (!/(^|[\s;&|/])hey\s/.test(command)) return undefined;
  const seconds = goSeconds(option('z'));
  // The rate is each worker's.
  const rate = Number(option('q'));
  const workers = Number(option('c') ?? WORKERS);
  if (seconds === undefined || !(rate > 0) || !(workers > 0)) return undefined;
  return { requestsPerSecond: rate * workers, seconds };
}
