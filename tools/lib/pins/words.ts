// What a roll-back and its end mean for users, for whoever types the command.
import { releaseStrategy } from '../../../apps/app-context.ts';
import { ticksToSuccess } from '../../../charts/canary-length.ts';
import { judgement } from '../../../charts/release-strategy.ts';
import type { Config } from '../../../config/load.ts';
import { appSettings } from '../../../config/per-ring.ts';
import { shortVersion } from '../promote/runs.ts';
import { minutes } from '../promote/words.ts';
import type { Place } from './edits.ts';

/**
 * How users get to the image that is gone back to.
 *
 * @param to its reference
 * @param skipAnalysis whether Flagger is told not to judge it
 */
export function rollbackMeans(
  { platform }: Config,
  { app, ring }: Place,
  to: string,
  skipAnalysis: boolean,
): string[] {
  const release = releaseStrategy(appSettings(platform, app, ring.name).release, '');
  const version = shortVersion(to);
  if (release.strategy === 'rolling') {
    return [
      `Kubernetes replaces the pods of ${app} one by one, as at each of its releases; nothing judges ${version}.`,
    ];
  }
  const gate =
    release.gates?.rollout === undefined ? [] : ['Its gate for the roll-out must be opened all the same.'];
  if (skipAnalysis) {
    return [
      `Not analysed: once pods of ${version} are ready, Flagger replaces those that serve, one by one. Nobody looks at success rate and P99, and nothing takes ${version} back if it is bad too. Requests of users who are on a version under test just then can be lost.`,
      `Until \`npm run unpin -- ${app} --ring ${ring.name}\`, every change to ${app} in ${ring.name} goes out like that.`,
      ...gate,
    ];
  }
  const length = minutes((ticksToSuccess(release) * judgement(release).intervalSeconds) / 60);
  const way = release.strategy === 'canary' ? 'users move step by step' : 'users move at its end';
  return [
    `Analysed like any release: ${way}, and all are on ${version} about ${length} after Flux has applied it. Until then the others stay on what serves now; --now does not wait for that.`,
    ...gate,
  ];
}

/** What comes when a pin is gone. */
export function unpinMeans({ app, ring }: Place): string {
  return ring.promotion === 'automatic'
    ? `Flux moves ${app} in ${ring.name} to the newest of its ${ring.images} again, within minutes of the push: also to the one it was pinned against, when there is none newer.`
    : `\`npm run promote\` may move ${app} in ${ring.name} again: also to the one it was pinned against, when there is none newer.`;
}
