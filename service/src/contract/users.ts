/** Accounts: signing up, signing in, one's own settings. */
import { z } from 'zod';
import { fields, text, wrapped } from '../validation.ts';
import { NONE } from './fields.ts';
import type { Operation } from './operation.ts';

/** Lengths of a password; the upper one bounds the work of hashing. */
const PASSWORD = { min: 8, max: 64 } as const;

const username = text({ max: 64 }).refine((value) => /[\p{L}\p{N}]/u.test(value) && !/\p{C}/u.test(value), {
  error: 'must hold a letter or a digit and no control characters',
});

const email = text({ max: 254 })
  .pipe(z.email({ error: 'is invalid' }))
  .meta({ format: 'email' });

const password = text({ max: PASSWORD.max, trim: false })
  .refine((value) => value.length >= PASSWORD.min, {
    error: `is too short (minimum is ${PASSWORD.min} characters)`,
  })
  .meta({ format: 'password', minLength: PASSWORD.min });

/** Text that may be missing: blank is the same as null. */
const optionalText = (max: number) =>
  z
    .string({ error: 'must be a string or null' })
    .refine((value) => !value.includes('\0'), { error: "can't hold the character NUL", abort: true })
    .transform((value) => value.trim() || null)
    .refine((value) => value === null || value.length <= max, {
      error: `is too long (maximum is ${max} characters)`,
    })
    .nullable();

/** What somebody signs up with. */
export const newUser = fields({ username, email, password }).meta({ id: 'NewUser' });

/** What somebody signs in with. */
export const credentials = fields({
  email: text({ max: 254 }).meta({ format: 'email' }),
  password: text({ max: 1_000, trim: false }).meta({ format: 'password' }),
}).meta({ id: 'Credentials' });

/** What somebody changes about themselves, at least one thing; what is left out stays. */
export const userChanges = fields({
  username: username.optional(),
  email: email.optional(),
  password: password.optional(),
  bio: optionalText(2_000).optional(),
  image: optionalText(2_000).optional(),
})
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), {
    error: 'must hold something to change: username, email, password, bio or image',
  })
  .meta({ id: 'UserChanges', description: 'At least one; what is left out stays.', minProperties: 1 });

/** Somebody as they see themselves. */
export const user = z
  .object({
    email: z.string(),
    token: z.string().meta({ description: 'For the header `Authorization: Token …`.' }),
    username: z.string(),
    bio: z.string().nullable(),
    image: z.string().nullable(),
  })
  .meta({ id: 'User' });

/** Somebody as they see themselves. */
export type User = z.infer<typeof user>;

const reply = z.object({ user });

export const signUp = {
  id: 'CreateUser',
  part: 'auth',
  method: 'post',
  path: '/users',
  summary: 'Sign up',
  caller: 'guest',
  params: NONE,
  query: NONE,
  body: wrapped('user', newUser),
  status: 201,
  reply,
  errors: [400, 409, 413, 415, 422, 429],
} as const satisfies Operation;

export const signIn = {
  id: 'Login',
  part: 'auth',
  method: 'post',
  path: '/users/login',
  summary: 'Sign in',
  caller: 'guest',
  params: NONE,
  query: NONE,
  body: wrapped('user', credentials),
  status: 200,
  reply,
  errors: [400, 401, 413, 415, 422, 429],
} as const satisfies Operation;

export const getCurrentUser = {
  id: 'GetCurrentUser',
  part: 'auth',
  method: 'get',
  path: '/user',
  summary: 'Who am I',
  caller: 'user',
  params: NONE,
  query: NONE,
  body: undefined,
  status: 200,
  reply,
  errors: [401],
} as const satisfies Operation;

export const updateCurrentUser = {
  id: 'UpdateCurrentUser',
  part: 'auth',
  method: 'put',
  path: '/user',
  summary: 'Change my settings',
  caller: 'user',
  params: NONE,
  query: NONE,
  body: wrapped('user', userChanges),
  status: 200,
  reply,
  errors: [400, 401, 409, 413, 415, 422],
} as const satisfies Operation;
