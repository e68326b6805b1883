/** What answers about recommendations. */
import { type Handled, handled } from '../api/handler.ts';
import { shared } from '../api/shared.ts';
import { getRecommendations } from '../contract/recommendations.ts';
import type { Database } from '../database/query.ts';
import { recommend } from './recommendations.ts';

/** The handlers of the part `recommendations`. */
export function recommendationHandlers(database: Database): Handled[] {
  return [
    shared(
      handled(getRecommendations, async ({ viewer, query: { article, limit } }) => ({
        articles: await recommend(database, viewer, article, limit),
      })),
    ),
  ] as Handled[];
}
