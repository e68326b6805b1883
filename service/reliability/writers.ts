/** People who publish articles one after the other, and remember which the service said it has. */
import { setTimeout as wait } from 'node:timers/promises';
import { call, signUpByApi } from '../src/testing.ts';

/** Writers at work. */
export interface Writers {
  /** The slugs of the articles that the service acknowledged, so far. */
  readonly acknowledged: readonly string[];
  /** How often each other answer came, by its status, or by what happened instead of an answer. */
  readonly refused: ReadonlyMap<number | string, number>;
  /** Lets them finish what they are at. */
  stop(): Promise<void>;
}

/** Whoever was refused goes on after this; nobody presses a button faster. */
const AFTER_REFUSAL_MILLISECONDS = 50;

/** Signs people up and sets them to work: each waits for an answer before writing the next article. */
export async function startWriters(service: { url: string }, count: number): Promise<Writers> {
  const acknowledged: string[] = [];
  const refused = new Map<number | string, number>();
  let working = true;

  async function work(name: string, token: string): Promise<void> {
    for (let number = 1; working; number += 1) {
      const article = { title: `${name} ${number}`, description: 'd', body: 'b', tagList: ['t'] };
      const outcome = await call(service, 'POST', '/articles', { token, body: { article } }).catch(
        (error: Error) => ({ status: String(error.cause ?? error), body: undefined }),
      );
      if (outcome.status === 201) {
        acknowledged.push(outcome.body.article.slug);
        continue;
      }
      refused.set(outcome.status, (refused.get(outcome.status) ?? 0) + 1);
      await wait(AFTER_REFUSAL_MILLISECONDS);
    }
  }

  const names = Array.from({ length: count }, (_, index) => `writer${index}`);
  const tokens: string[] = [];
  for (const name of names) tokens.push(await signUpByApi(service, name));
  const all = Promise.all(names.map((name, index) => work(name, tokens[index] as string)));
  return {
    acknowledged,
    refused,
    async stop() {
      working = false;
      await all;
    },
  };
}
