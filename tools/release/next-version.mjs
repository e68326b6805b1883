// Prints the version that the commits since the last release would make: `node tools/release/next-version.mjs`. Where they
// make none, it is the next patch: the image of such a commit is still newer than the release.
import { execFileSync } from 'node:child_process';
import { analyzeCommits } from '@semantic-release/commit-analyzer';
import { inc } from 'semver';
import { releaseRules } from './release.config.mjs';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** The newest release that HEAD stands on, or none. */
function lastRelease() {
  const [tag] = git('tag', '--merged', 'HEAD', '--sort=-v:refname', '--list', 'v[0-9]*.[0-9]*.[0-9]*').split(
    '\n',
  );
  return tag || undefined;
}

const tag = lastRelease();
const log = git('log', '--format=%H%x1f%B%x1e', tag === undefined ? 'HEAD' : `${tag}..HEAD`);
const commits = log
  .split('\x1e')
  .map((entry) => entry.trim().split('\x1f'))
  .flatMap(([hash, message]) => (hash && message ? [{ hash, message }] : []));
const logger = { log() {} };
const type = await analyzeCommits({ releaseRules }, { cwd: process.cwd(), commits, logger });
console.log(tag === undefined ? '1.0.0' : inc(tag.slice(1), type ?? 'patch'));
