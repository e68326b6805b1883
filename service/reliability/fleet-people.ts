/** People who use four targets, one thing after the other, and what is wrong with what they are answered. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Action, actionsOf } from './fleet-actions.ts';
import { FleetJudge } from './fleet-judge.ts';

/** People at work. */
export interface People {
  readonly judge: FleetJudge;
  /** Everything that they do. */
  readonly actions: readonly Action[];
  /** Ends their work. @returns the articles that were acknowledged and are not there, a sentence each */
  stop(): Promise<string[]>;
}

/** How many there are: more would only wait for each other on a machine of two cores. */
export const PEOPLE = 6;

/** Between two things that somebody does. */
const PAUSE_MILLISECONDS = 30;

/** Sets people to work at a service with demonstration data. */
export async function startPeople(url: string): Promise<People> {
  const { all, published } = await actionsOf(url);
  const judge = new FleetJudge();
  let stopping = false;

  async function work(number: number): Promise<void> {
    for (let turn = number * 3; !stopping; turn += 1) {
      await judge.watch(all[turn % all.length] as Action);
      await wait(PAUSE_MILLISECONDS);
    }
  }

  const people = Promise.all(Array.from({ length: PEOPLE }, (_, number) => work(number)));
  return {
    judge,
    actions: all,
    async stop() {
      stopping = true;
      await people;
      return lost(url, published);
    },
  };
}

async function lost(url: string, slugs: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  for (const slug of slugs) {
    const response = await fetch(`${url}/api/articles/${slug}`);
    await response.arrayBuffer();
    if (!response.ok) problems.push(`the article ${slug} was acknowledged and is gone: ${response.status}`);
  }
  return problems;
}
