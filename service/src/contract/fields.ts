/** Fields that many operations share. */
import { z } from 'zod';

/** What is wrong, by field: `{"errors": {"email": ["can't be blank"]}}`. */
export const failure = z
  .object({ errors: z.record(z.string(), z.array(z.string())) })
  .meta({ id: 'Failure', description: 'What is wrong, by field.' });

/** No parameters. */
export const NONE = z.object({});

/** A moment, in UTC and with milliseconds: `2026-03-01T12:00:00.000Z`. */
export const moment = z.iso.datetime({ precision: 3 });

/** A name that stands in the path. PostgreSQL can't hold the character NUL, so nothing is called so. */
export const pathName = z.string().refine((value) => !value.includes('\0'));

/** Somebody as others see them. */
export const profile = z
  .object({
    username: z.string(),
    bio: z.string().nullable(),
    image: z.string().nullable(),
    following: z.boolean().meta({ description: 'Whether the caller follows them.' }),
  })
  .meta({ id: 'Profile' });

/** Somebody as others see them. */
export type Profile = z.infer<typeof profile>;

/** The most entries of one answer: a page must stay cheap. */
export const MAX_LIMIT = 100;

const integer = (min: number, description: string, more: { default: number }) =>
  z
    .string({ error: 'must be given once' })
    .regex(/^\d{1,9}$/, { error: `must be an integer, ${min} or more`, abort: true })
    .meta({ type: 'integer', description, minimum: min, ...more })
    .transform(Number)
    .refine((value) => value >= min, { error: `must be an integer, ${min} or more` });

/**
 * Which part of a list.
 *
 * @param limit how many entries when the caller doesn't say; never more than {@link MAX_LIMIT}
 */
export function slice(limit: number) {
  return {
    limit: integer(1, 'How many; no more than 100 are given.', { default: limit })
      .transform((value) => Math.min(value, MAX_LIMIT))
      .default(limit),
    offset: integer(0, 'How many to skip.', { default: 0 }).default(0),
  };
}

/** Text in the query that narrows a list; empty is the same as left out. */
export const filter = z
  .string({ error: 'must be given once' })
  .refine((value) => !value.includes('\0'), { error: "can't hold the character NUL" })
  .transform((value) => value || undefined)
  .optional();
