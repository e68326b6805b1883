// Asks the git host what Flux said on commits.
import type { Platform } from '../../../config/schema.ts';
import { runProgram } from '../run-program.ts';
import { UserError } from '../user-error.ts';
import type { HostStatus } from './evidence-file.ts';

/** What this needs of the process's environment: where a CI tells its API, and tokens. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Commits asked about in one call to GitHub, and statuses on one page of GitLab's. */
const BATCH = 100;
/** Calls to GitLab at a time. */
const AT_ONCE = 8;

/**
 * All statuses of commits: of each context on a commit the last one, which is what Flux thinks of that commit.
 *
 * @param commits those that the host does not know are passed over
 * @throws UserError when the host can't be asked
 */
export function fetchStatuses(
  { host, url }: Platform['git'],
  commits: readonly string[],
  environment: Environment,
): Promise<HostStatus[]> {
  if (host === 'github') return fromGitHub(repositoryOf(url), commits, environment);
  if (host === 'gitlab') return fromGitLab(repositoryOf(url), commits, environment);
  throw new UserError(
    `git.host in config/platform.ts is "none", so no commit has statuses; give them in a file: --evidence FILE`,
  );
}

interface Repository {
  host: string;
  /** `slipway/slipway`. */
  path: string;
}

function repositoryOf(url: string): Repository {
  const { hostname, pathname } = new URL(url);
  return { host: hostname, path: pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '') };
}

// GitHub

interface GitHubAnswer {
  data?: {
    repository: Record<string, { oid: string; status: { contexts: GitHubStatus[] } | null } | null> | null;
  };
  errors?: { message: string }[];
}

interface GitHubStatus {
  context: string;
  state: string;
  description: string | null;
  createdAt: string;
}

async function fromGitHub(
  { host, path }: Repository,
  commits: readonly string[],
  environment: Environment,
): Promise<HostStatus[]> {
  const [owner, name] = path.split('/');
  const ask = gitHubAsker(host, environment);
  const statuses: HostStatus[] = [];
  for (let index = 0; index < commits.length; index += BATCH) {
    const batch = commits.slice(index, index + BATCH);
    const fields = 'oid status { contexts { context state description createdAt } }';
    const objects = batch.map(
      (commit, at) => `c${at}: object(oid: "${commit}") { ... on Commit { ${fields} } }`,
    );
    const query = `query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${objects.join(' ')} } }`;
    const { data, errors } = await ask({ query, variables: { owner, name } });
    if (!data?.repository) {
      throw new UserError(
        `${host} shows no repository ${path}: ${errors?.map(({ message }) => message).join('; ') ?? 'no reason given'}`,
      );
    }
    for (const commit of Object.values(data.repository)) {
      for (const { createdAt, description, ...status } of commit?.status?.contexts ?? []) {
        statuses.push({
          ...status,
          commit: commit?.oid ?? '',
          description: description ?? undefined,
          at: createdAt,
        });
      }
    }
  }
  return statuses;
}

type GitHubAsker = (body: object) => Promise<GitHubAnswer>;

/** By a token where the environment has one, else by GitHub's own CLI, which keeps one. */
function gitHubAsker(host: string, environment: Environment): GitHubAsker {
  const token = environment.GITHUB_TOKEN ?? environment.GH_TOKEN;
  const own = host === 'github.com' ? 'https://api.github.com/graphql' : `https://${host}/api/graphql`;
  const url = environment.GITHUB_GRAPHQL_URL ?? own;
  if (token === undefined || token === '') return (body) => askByCli(host, body);
  return (body) =>
    ask<GitHubAnswer>(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
}

async function askByCli(host: string, body: object): Promise<GitHubAnswer> {
  const { code, stdout, stderr } = await runProgram(
    'gh',
    ['api', 'graphql', '--hostname', host, '--input', '-'],
    {
      input: JSON.stringify(body),
      missing: `found no way to ask ${host} for commit statuses: set GITHUB_TOKEN, or install gh and run \`gh auth login\`, or give them in a file: --evidence FILE`,
    },
  );
  if (code === 0) return JSON.parse(stdout.toString()) as GitHubAnswer;
  throw new UserError(`gh api graphql: ${stderr.trim()}`);
}

// GitLab

interface GitLabStatus {
  name: string;
  status: string;
  description: string | null;
  created_at: string;
  finished_at: string | null;
}

async function fromGitLab(
  { host, path }: Repository,
  commits: readonly string[],
  environment: Environment,
): Promise<HostStatus[]> {
  const token = environment.GITLAB_TOKEN;
  if (!token) {
    throw new UserError(
      `found no way to ask ${host} for commit statuses: set GITLAB_TOKEN, or give them in a file: --evidence FILE`,
    );
  }
  const api = environment.CI_API_V4_URL ?? `https://${host}/api/v4`;
  const project = `${api}/projects/${encodeURIComponent(path)}`;
  const headers = { 'private-token': token };
  // Else each commit would be passed over as unknown.
  await ask(project, { headers });
  const statuses: HostStatus[] = [];
  for (let index = 0; index < commits.length; index += AT_ONCE) {
    const answers = commits.slice(index, index + AT_ONCE).map(async (commit) => {
      const found = await allPages(`${project}/repository/commits/${commit}/statuses`, headers);
      return found.map(({ name, status, description, created_at, finished_at }) => ({
        commit,
        context: name,
        state: status,
        description: description ?? undefined,
        at: finished_at ?? created_at,
      }));
    });
    statuses.push(...(await Promise.all(answers)).flat());
  }
  return statuses;
}

async function allPages(url: string, headers: Record<string, string>): Promise<GitLabStatus[]> {
  const all: GitLabStatus[] = [];
  for (let page = 1; ; page += 1) {
    const found = await ask<GitLabStatus[]>(`${url}?per_page=${BATCH}&page=${page}`, { headers }, []);
    all.push(...found);
    if (found.length < BATCH) return all;
  }
}

/** Milliseconds until an answer is given up. */
const TIMEOUT = 30_000;

/** @param missing what stands for an answer of 404 @default it is an error */
async function ask<Answer>(url: string, init: RequestInit, missing?: Answer): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT) }).catch(
    (error: Error) => {
      throw new UserError(
        `${url} does not answer: ${(error.cause as Error | undefined)?.message ?? error.message}`,
      );
    },
  );
  if (response.status === 404 && missing !== undefined) return missing;
  if (!response.ok) throw new UserError(`${url} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
