import { z } from 'zod';
import { BLANK, fields, text } from '../validation.ts';

/** The most tags of an article. */
const MAX_TAGS = 20;

/** What an author gives; the same rules for the API and for the pages. */
export const newArticle = fields({
  title: text({ max: 200 }),
  description: text({ max: 500 }),
  body: text({ max: 200_000, trim: false }),
  tagList: z
    .array(text({ max: 50 }), {
      error: ({ input }) => (input === null ? BLANK : 'must be a list of strings'),
    })
    .max(MAX_TAGS, { error: `is too long (maximum is ${MAX_TAGS} tags)` })
    .transform((tags) => [...new Set(tags)])
    .default([]),
});
