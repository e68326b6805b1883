/** What zod finds wrong, in RealWorld's words and shape. */
import { z } from 'zod';
import { type FieldErrors, RequestError } from './errors.ts';

export const BLANK = "can't be blank";

/**
 * Checks what a client sent.
 *
 * @throws {@link RequestError} 422 with the messages by field
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors: FieldErrors = {};
  for (const issue of result.error.issues) {
    const field = issue.path.findLast((part) => typeof part === 'string') ?? 'body';
    errors[field] ??= [];
    const messages = errors[field];
    if (!messages.includes(issue.message)) messages.push(issue.message);
  }
  throw new RequestError(422, errors);
}

/** Text that isn't blank; PostgreSQL can't store the character NUL. */
export function text(options: { max: number; trim?: boolean }) {
  const { max, trim = true } = options;
  return (
    z
      .string({ error: ({ input }) => (input === undefined || input === null ? BLANK : 'must be a string') })
      // For the API's description; the checks themselves stand behind the trimming.
      .meta({ minLength: 1, maxLength: max })
      .transform((value) => (trim ? value.trim() : value))
      .pipe(
        z
          .string()
          .refine((value) => value.trim() !== '', { error: BLANK, abort: true })
          .refine((value) => !value.includes('\0'), { error: "can't hold the character NUL", abort: true })
          .max(max, { error: `is too long (maximum is ${max} characters)`, abort: true }),
      )
  );
}

/** The object around a request's fields: `{"user": {…}}`. */
export function wrapped<Name extends string, Schema extends z.ZodType>(name: Name, schema: Schema) {
  return z.object({ [name]: schema } as Record<Name, Schema>, { error: 'must be a JSON object' });
}

/** Fields of one object. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape, {
    error: ({ input }) => (input === undefined || input === null ? BLANK : 'must be an object'),
  });
}
