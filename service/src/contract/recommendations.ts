/** Articles that a reader may like. */
import { z } from 'zod';
import { articleSummary } from './articles.ts';
import { filter, NONE, slice } from './fields.ts';
import type { Operation } from './operation.ts';

export const getRecommendations = {
  id: 'GetRecommendations',
  part: 'recommendations',
  method: 'get',
  path: '/recommendations',
  summary: 'Articles a reader may like, the likeliest first',
  caller: 'anyone',
  params: NONE,
  query: z.object({
    article: filter.meta({ description: 'The slug of what is being read: articles like it come first.' }),
    limit: slice(5).limit,
  }),
  body: undefined,
  status: 200,
  reply: z.object({ articles: z.array(articleSummary) }),
  errors: [401, 404, 422],
} as const satisfies Operation;
