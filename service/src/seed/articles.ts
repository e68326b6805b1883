/** The articles of the demonstration data, newest first: the authors take turns. */
import type { SeedArticle } from './articles/article.ts';
import { DATABASES } from './articles/databases.ts';
import { GARDENING } from './articles/gardening.ts';
import { OBSERVABILITY } from './articles/observability.ts';
import { PLATFORM } from './articles/platform.ts';
import { SHIPPING } from './articles/shipping.ts';
import { TEAMS } from './articles/teams.ts';

const SUBJECTS = [SHIPPING, GARDENING, DATABASES, OBSERVABILITY, TEAMS, PLATFORM];
const ROUNDS = Math.max(...SUBJECTS.map((articles) => articles.length));

/** All of them. */
export const ARTICLES: readonly SeedArticle[] = Array.from({ length: ROUNDS }, (_, round) =>
  SUBJECTS.flatMap((articles) => articles[round] ?? []),
).flat();
