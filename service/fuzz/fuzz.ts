/** Sends random requests to a running service, several at a time, and judges every answer. */
import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { type Answer, judgeOf } from './judge.ts';
import { type Description, type Pick, type Plan, plans } from './requests.ts';

/** What to do. */
export interface FuzzOptions {
  /** Where the service answers: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly requests: number;
  /** The same seed sends the same requests, but for the order in which several at a time arrive. */
  readonly seed: number;
  /** @default 8 */
  readonly atATime?: number;
  /** Told after each batch how many requests were sent. */
  readonly progress?: (sent: number) => void;
}

/** What came of it. */
export interface FuzzResult {
  readonly requests: number;
  /** How many answers there were of each status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How many answers each operation gave, and how many of them when all went well. */
  readonly operations: Readonly<Record<string, { sent: number; well: number }>>;
  /** What was wrong, each with the request that shows it. */
  readonly findings: readonly string[];
}

/** Requests made at once out of the generator. */
const BATCH = 200;

/** Enough of each to choose from. */
const REMEMBERED = 200;

/** Sends the requests. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { atATime = 8, progress, requests, seed, url } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: atATime });
  const description = (await (await fetch(`${url}/api/openapi.json`)).json()) as Description;
  const judge = judgeOf(description);
  const arbitrary = plans(description);
  const memory = await meetSomebody(url);
  const statuses: Record<string, number> = {};
  const operations: Record<string, { sent: number; well: number }> = {};
  const findings: string[] = [];

  async function send(plan: Plan): Promise<void> {
    const wire = filledIn(plan, memory);
    const answer = await exchange(agent, url, wire);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    const { operationId } = plan.operation;
    operations[operationId] ??= { sent: 0, well: 0 };
    operations[operationId].sent += 1;
    if (answer.status < 300) operations[operationId].well += 1;
    const wrong = judge(plan.operation, answer);
    if (wrong !== undefined) {
      findings.push(`${wire.method} ${wire.path} ${wire.body?.slice(0, 300) ?? ''}\n  ${wrong}`);
    }
    remember(memory, answer.text);
    rememberMade(memory, wire, answer);
  }

  try {
    for (let sent = 0; sent < requests; sent += BATCH) {
      const count = Math.min(BATCH, requests - sent);
      const waiting = fc.sample(arbitrary, { seed: seed + sent, numRuns: count });
      await Promise.all(
        Array.from({ length: atATime }, async () => {
          for (let plan = waiting.pop(); plan !== undefined; plan = waiting.pop()) await send(plan);
        }),
      );
      progress?.(sent + count);
    }
  } finally {
    agent.destroy();
  }
  return { requests, statuses, operations, findings };
}

/** What the answers so far named; requests choose from it. */
interface Memory {
  readonly slug: string[];
  readonly username: string[];
  readonly id: string[];
  readonly token: string[];
  /** What was made, with the token of who made it. */
  readonly made: Made[];
}

/** An article, or a comment on one. */
interface Made {
  readonly slug: string;
  readonly id?: string;
  readonly token: string;
}

/** A writer with an article and a comment to begin with. */
async function meetSomebody(url: string): Promise<Memory> {
  const memory: Memory = { slug: [], username: [], id: [], token: [], made: [] };
  const tokens: string[] = [];
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Token ${memory.token[0] ?? ''}` },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path} answers ${response.status}: ${text}`);
    remember(memory, text);
  };
  for (const number of [1, 2, 3]) {
    const name = `fuzz${number}-${Date.now().toString(36)}`;
    memory.token.length = 0;
    await post('/users', { user: { username: name, email: `${name}@example.com`, password: 'password1' } });
    await post('/articles', { article: { title: name, description: 'd', body: 'b', tagList: ['t'] } });
    await post(`/articles/${name}/comments`, { comment: { body: 'c' } });
    tokens.push(...memory.token);
  }
  return { ...memory, token: tokens };
}

function remember(memory: Memory, text: string): void {
  const patterns = {
    slug: /"slug":"([^"\\]+)"/g,
    username: /"username":"([^"\\]+)"/g,
    id: /"id":(\d+)/g,
    token: /"token":"([^"\\]+)"/g,
  };
  for (const [kind, pattern] of Object.entries(patterns) as [keyof typeof patterns, RegExp][]) {
    for (const [, value] of text.matchAll(pattern)) {
      if (value === undefined || memory[kind].includes(value)) continue;
      if (memory[kind].length >= REMEMBERED) memory[kind].shift();
      memory[kind].push(value);
    }
  }
}

function rememberMade({ made }: Memory, { names, token }: Wire, { status, text }: Answer): void {
  if (status !== 201 || token === undefined) return;
  const { article, comment } = JSON.parse(text) as { article?: { slug: string }; comment?: { id: number } };
  const slug = article?.slug ?? names.slug;
  if (slug === undefined) return;
  if (made.length >= REMEMBERED) made.shift();
  made.push({ slug, token, ...(comment && { id: String(comment.id) }) });
}

interface Wire {
  readonly method: string;
  readonly path: string;
  readonly names: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

function filledIn(plan: Plan, memory: Memory): Wire {
  const choose = (pick: Pick, among: readonly string[] = []) =>
    // An empty name would make it the address of something else.
    ('text' in pick ? pick.text : among[pick.known % Math.max(among.length, 1)]) || 'nothing-yet';
  const suitable = memory.made.filter(({ id }) => (id !== undefined) === 'id' in plan.names);
  const own = plan.own === null ? undefined : suitable[plan.own % Math.max(suitable.length, 1)];
  const names = Object.fromEntries(
    Object.entries(plan.names).map(([name, pick]) => [
      name,
      own?.[name as keyof Made] ?? choose(pick, memory[name as 'slug' | 'id' | 'username']),
    ]),
  );
  const token = own?.token ?? (plan.token === null ? undefined : choose(plan.token, memory.token));
  const path = plan.path.replace(/\{(\w+)\}/g, (_, name: string) => escaped(names[name] ?? ''));
  const query = plan.query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
  return {
    method: plan.method,
    names,
    token,
    path: `/api${path}${query === '' ? '' : `?${query}`}`,
    headers: {
      ...(token === undefined ? {} : { authorization: `Token ${token}` }),
      ...(plan.body === undefined ? {} : { 'content-type': plan.contentType }),
    },
    body: plan.body,
  };
}

/** As encodeURIComponent does, but half characters become what UTF-8 makes of them, and dots are told apart. */
function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/^\.+$/, (dots) => '%2e'.repeat(dots.length));
}

function exchange(agent: Agent, url: string, { body, headers, method, path }: Wire): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const outgoing = request(
    { agent, hostname, port, method, path, headers: { ...headers, ...length } },
    (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString(),
        }),
      );
    },
  );
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}
